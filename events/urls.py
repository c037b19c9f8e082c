from django.urls import include, path

from events import feeds
from events.views import (
    about,
    agenda,
    certificates,
    check_in,
    documents,
    event,
    guests,
    here,
    keeping,
    letters,
    links,
    minutes,
    month,
    moves,
    offering,
    papers,
    preparing,
    presence,
    registering,
    surveys,
    walk_ins,
)
from events.views import feeds as feed_pages

app_name = "events"
calendar_urls = [
    path("", feed_pages.feeds, name="feeds"),
    path("adresse/", feed_pages.renew, name="feed_renew"),
    path("adresse/retirer/", feed_pages.revoke, name="feed_revoke"),
    path("<str:feed_token>/mon-calendrier.ics", feeds.mine, name="feed_mine"),
    path("<str:feed_token>/agenda.ics", feeds.agenda, name="feed_agenda"),
]
urlpatterns = [
    path("", agenda.events, name="events"),
    path("agenda.ics", feeds.public, name="feed_public"),
    path("calendriers/", include(calendar_urls)),
    path("mois/<int:year>/<int:month>/", month.month, name="month"),
    path("<int:event_id>/", event.event, name="event"),
    path("<int:event_id>/calendrier.ics", event.calendar, name="calendar"),
    path("<int:event_id>/photos/<int:photo_id>/", about.photo, name="photo"),
    path("<int:event_id>/documents/<int:document_id>/", about.document, name="document"),
    path(
        "<int:event_id>/inscription/<int:registration_id>/ateliers/",
        preparing.choose,
        name="choose",
    ),
    path(
        "<int:event_id>/inscription/<int:registration_id>/reponses/",
        preparing.answers,
        name="answers",
    ),
    path("<int:event_id>/inscription-libre/", guests.ask, name="guest"),
    path("<int:event_id>/inscription-libre/envoyee/", guests.sent, name="guest_sent"),
    path(
        "<int:event_id>/inscription-libre/<str:guest_token>/", guests.confirm, name="guest_confirm"
    ),
    path("<int:event_id>/inscription/", registering.register, name="register"),
    path(
        "<int:event_id>/inscription/collegues/", registering.register_colleagues, name="colleagues"
    ),
    path(
        "<int:event_id>/inscription/<int:registration_id>/annuler/",
        registering.cancel,
        name="cancel",
    ),
    # -- letters to participants, and what follows the event
    path("<int:event_id>/messages/", letters.letters, name="letters"),
    path("<int:event_id>/messages/<int:event_letter_id>/", letters.letter, name="letter"),
    path(
        "<int:event_id>/messages/<int:event_letter_id>/envoyer/",
        letters.send_letter,
        name="send_letter",
    ),
    path(
        "<int:event_id>/messages/<int:event_letter_id>/supprimer/",
        letters.drop_letter,
        name="drop_letter",
    ),
    path(
        "documents/<str:document_token>/<int:event_document_id>/",
        documents.document,
        name="mailed_document",
    ),
    # the day itself
    path("<int:event_id>/presence/", presence.grid, name="presence"),
    path("<int:event_id>/presence/seances/", presence.sessions, name="sessions"),
    path("<int:event_id>/presence/venue/", walk_ins.walk_in, name="walk_in"),
    path("<int:event_id>/emargement.pdf", papers.attendance_sheet, name="attendance_sheet"),
    path("<int:event_id>/badges/", papers.badges, name="badges"),
    path("<int:event_id>/affiche.pdf", papers.poster, name="poster"),
    path("<int:event_id>/accueil/", check_in.check_in, name="check_in"),
    path("<int:event_id>/accueil/pointages/", check_in.sync, name="check_in_sync"),
    path("<int:event_id>/accueil/hors-ligne.js", check_in.worker, name="check_in_worker"),
    path("ici/<str:room_token>/", here.here, name="here"),
    path("<int:event_id>/attestations/", certificates.everybody, name="certificates"),
    path(
        "<int:event_id>/inscription/<int:registration_id>/attestation/",
        certificates.certificate,
        name="certificate",
    ),
    path("attestation/<str:certificate_token>/", certificates.mine, name="my_certificate"),
    path("enquete/<str:survey_token>/", surveys.survey, name="survey"),
    path("<int:event_id>/compte-rendu/", minutes.minutes, name="minutes"),
    path("decisions/", minutes.decisions, name="decisions"),
    path("<int:event_id>/enquete/resultats/", surveys.results, name="survey_results"),
    path(
        "<int:event_id>/inscription/<int:registration_id>/historique/",
        moves.moves,
        name="moves",
    ),
    path(
        "<int:event_id>/inscription/<int:registration_id>/accepter/",
        offering.accept,
        name="accept",
    ),
    path(
        "<int:event_id>/inscription/<int:registration_id>/refuser/",
        offering.decline,
        name="decline",
    ),
    path("<int:event_id>/inscription/places/", keeping.reserve, name="reserve"),
    path(
        "<int:event_id>/inscription/<int:registration_id>/remplacer/",
        keeping.replace,
        name="replace",
    ),
    path(
        "<int:event_id>/inscription/<int:registration_id>/attribuer/",
        keeping.name,
        name="name",
    ),
    path("inscription/<str:registration_token>/", links.link, name="link"),
]
