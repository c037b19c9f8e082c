from django.urls import path

from training import views

app_name = "training"
urlpatterns = [
    path("", views.cohorts, name="cohorts"),
    path("<int:cohort_id>/", views.cohort, name="cohort"),
]
