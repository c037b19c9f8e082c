from django.urls import path

from network.views import communication, governance, groups, renewals

app_name = "network"
urlpatterns = [
    path("groupes/", groups.groups, name="groups"),
    path("groupes/adhesions/", renewals.overview, name="renewals"),
    path("groupes/<int:group_id>/adhesions/", renewals.board, name="group_renewals"),
    path("groupes/<int:group_id>/adhesions/relance/", renewals.remind, name="group_remind"),
    path("groupes/<int:group_id>/", groups.group, name="group"),
    path("federation/", governance.federation, name="federation"),
    path("representation/", governance.representation, name="representation"),
    path("partenaires/", governance.partners, name="partners"),
    path("lettres/", communication.letters, name="letters"),
    path("lettres/<int:letter_id>/", communication.letter, name="letter"),
    path("articles/", communication.articles, name="articles"),
    path("articles/<int:article_id>/", communication.article, name="article"),
]
