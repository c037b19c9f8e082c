from django.urls import path

from members.views import home, information, people, pieces, places, profile, teams

app_name = "members"
urlpatterns = [
    path("", home.home, name="home"),
    path("equipes/", teams.teams, name="teams"),
    path("equipes/<int:team_id>/", teams.team, name="team"),
    path("carte/", places.teams_map, name="map"),
    path("annuaire/", people.people, name="people"),
    path("annuaire/<int:person_id>/", people.person, name="person"),
    path("mon-profil/", profile.profile, name="profile"),
    path("pieces/<int:piece_id>/", pieces.piece, name="piece"),
    path("confidentialite/", information.privacy, name="privacy"),
    path("accessibilite/", information.accessibility, name="accessibility"),
    path("mentions-legales/", information.legal, name="legal"),
]
