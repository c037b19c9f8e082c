from django.urls import path

from events import views

app_name = "events"
urlpatterns = [
    path("", views.events, name="events"),
    path("<int:event_id>/", views.event, name="event"),
    path("<int:event_id>/calendrier.ics", views.calendar, name="calendar"),
    path("<int:event_id>/inscription/", views.register, name="register"),
    path("<int:event_id>/inscription/collegues/", views.register_colleagues, name="colleagues"),
    path("<int:event_id>/inscription/<int:registration_id>/annuler/", views.cancel, name="cancel"),
]
