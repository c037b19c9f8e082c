from django.urls import path

from reports.views import documents, figures

app_name = "reports"
urlpatterns = [
    path("", figures.index, name="index"),
    path("<int:year>/", figures.year, name="year"),
    path("<int:year>/chiffres/<slug:indicator_id>/", figures.indicator, name="indicator"),
    path("<int:year>/textes/", documents.texts, name="texts"),
    path("<int:year>/documents/<slug:document>/", documents.ask, name="ask"),
    path("scan/<int:team_id>/<int:year>/", documents.scan, name="scan"),
]
