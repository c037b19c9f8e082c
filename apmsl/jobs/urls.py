from django.urls import path

from apmsl.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<int:run_id>/", views.run, name="run"),
    path("<int:run_id>/fichier/", views.download, name="download"),
    path("<int:run_id>/relancer/", views.again, name="again"),
]
