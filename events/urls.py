from django.urls import path

from events.views import (
    about,
    agenda,
    documents,
    event,
    letters,
    month,
    preparing,
    registering,
)

app_name = "events"
urlpatterns = [
    path("", agenda.events, name="events"),
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
]
