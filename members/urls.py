from django.urls import include, path

from members.views import (
    exchanges,
    home,
    information,
    people,
    pieces,
    places,
    profile,
    renewal,
    renewal_form,
    renewal_link,
    teams,
)

app_name = "members"
renewal_urls = [
    path("", renewal.renewal, name="renewal"),
    path("equipe/", renewal.team, name="renewal_team"),
    path("equipe/a-jour/", renewal.check, name="renewal_check"),
    path("equipe/corriger/", renewal.correct, name="renewal_correct"),
    path("formulaire/", renewal_form.form, name="renewal_form"),
    path("formulaire/corriger/", renewal_form.correct, name="renewal_amend"),
    path("formulaire/transmettre/", renewal_form.send, name="renewal_send"),
    path("cotisation/", renewal.fee, name="renewal_fee"),
    path("cotisation/appel/", renewal.ask, name="renewal_ask"),
    path("cotisation/date/", renewal.promise, name="renewal_promise"),
    path("cotisation/renoncer/", renewal.decline, name="renewal_decline"),
    path("cotisation/reprendre/", renewal.come_back, name="renewal_come_back"),
    path("paiement/", renewal.payment, name="renewal_payment"),
    path("recu/", renewal.receipt, name="renewal_receipt"),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("equipes/", teams.teams, name="teams"),
    path("equipes/<int:team_id>/", teams.team, name="team"),
    path("carte/", places.teams_map, name="map"),
    path("adhesion/<str:token>/", renewal_link.enter, name="renewal_link"),
    path("equipes/<int:team_id>/adhesion/<int:year>/", include(renewal_urls)),
    path("equipes/<int:team_id>/echanges/", exchanges.about_team, name="team_exchange"),
    path("annuaire/<int:person_id>/echanges/", exchanges.about_person, name="person_exchange"),
    path("echanges/<int:exchange_id>/fait/", exchanges.follow_up_done, name="exchange_done"),
    path("annuaire/", people.people, name="people"),
    path("annuaire/<int:person_id>/", people.person, name="person"),
    path("mon-profil/", profile.profile, name="profile"),
    path("mon-profil/ajouter/", profile.add_contact, name="contact_add"),
    path("mon-profil/retirer/<int:detail_id>/", profile.remove_contact, name="contact_remove"),
    path("mon-profil/a-jour/", profile.confirm, name="contacts_confirm"),
    path("pieces/<int:piece_id>/", pieces.piece, name="piece"),
    path("confidentialite/", information.privacy, name="privacy"),
    path("accessibilite/", information.accessibility, name="accessibility"),
    path("mentions-legales/", information.legal, name="legal"),
]
