from django.urls import path

from reports.views import (
    boards,
    chapters,
    checks,
    comparison,
    documents,
    figures,
    layouts,
    texts,
    versions,
)

app_name = "reports"
urlpatterns = [
    path("", figures.index, name="index"),
    path("<int:year>/", figures.year, name="year"),
    path("<int:year>/region/", figures.region, name="region"),
    path("<int:year>/chiffres/<slug:indicator_id>/", figures.indicator, name="indicator"),
    path(
        "<int:year>/actions/<int:kind_id>/rencontres/",
        figures.apart,
        {"people": False},
        name="apart_meetings",
    ),
    path(
        "<int:year>/actions/<int:kind_id>/participants/",
        figures.apart,
        {"people": True},
        name="apart_people",
    ),
    path("<int:year>/financeur/", boards.funder, name="funder"),
    path("<int:year>/listes/<slug:subject>/", boards.listing, name="listing"),
    path("<int:year>/manque/", documents.missing, name="missing"),
    path("<int:year>/textes/", texts.texts, name="texts"),
    path("<int:year>/textes/<slug:chapter>/", texts.text, name="text"),
    path("<int:year>/textes/<slug:chapter>/remarque/", texts.comment, name="comment"),
    path("<int:year>/textes/<slug:chapter>/reprendre/", texts.take_last_year, name="last_year"),
    path(
        "<int:year>/textes/<slug:chapter>/versions/<int:revision>/",
        texts.take_back,
        name="take_back",
    ),
    path("<int:year>/chapitres/", chapters.chapters, name="chapters"),
    path("<int:year>/chapitres/ordre-habituel/", chapters.usual_order, name="usual_order"),
    path("<int:year>/chapitres/<slug:part>/", chapters.chapter, name="chapter"),
    path("<int:year>/chapitres/<slug:part>/place/", chapters.place, name="place"),
    path("<int:year>/chapitres/<slug:part>/retirer/", chapters.remove, name="remove_chapter"),
    path("<int:year>/chapitres/<slug:part>/apercu/", chapters.preview, name="preview"),
    path("remarques/<int:comment_id>/", texts.resolve, name="resolve"),
    path("<int:year>/documents/<slug:document>/", documents.ask, name="ask"),
    path("<int:year>/versions/", versions.versions, name="versions"),
    path("<int:year>/versions/<int:number>/", versions.version, name="version"),
    path("<int:year>/versions/<int:number>/pdf/", versions.file, name="version_file"),
    path(
        "<int:year>/versions/<int:number>/verification/",
        checks.open_checks,
        name="open_checks",
    ),
    path("verifier/<int:voted_year>/", checks.checks, name="checks"),
    path("verifier/<int:voted_year>/<slug:indicator_id>/", checks.check, name="check"),
    path("<int:year>/versions/<int:number>/retirer/", versions.withdraw, name="withdraw"),
    path("tableau-de-bord/", figures.dashboard, name="dashboard"),
    path("departement/", boards.district, name="district"),
    path("comparaison/", comparison.compare, name="compare"),
    *(
        path(
            f"comparaison/<slug:indicator_id>.{kind}",
            comparison.compared,
            {"kind": kind},
            name=f"compared_{kind}",
        )
        for kind in ("svg", "csv", "xlsx")
    ),
    path("votes/", versions.voted, name="voted"),
    path("votes/<int:voted_year>.pdf", versions.voted_file, name="voted_file"),
    path("scan/<int:team_id>/<int:year>/", documents.scan, name="scan"),
    path("scan/<int:team_id>/<int:year>/image.svg", documents.scan_picture, name="scan_picture"),
    path("scan/<int:team_id>/<int:year>/mise-en-page/", layouts.layout, name="scan_layout"),
]
