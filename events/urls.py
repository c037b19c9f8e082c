from django.urls import path

from events.views import agenda, event, registering

app_name = "events"
urlpatterns = [
    path("", agenda.events, name="events"),
    path("<int:event_id>/", event.event, name="event"),
    path("<int:event_id>/calendrier.ics", event.calendar, name="calendar"),
    path("<int:event_id>/inscription/", registering.register, name="register"),
    path(
        "<int:event_id>/inscription/collegues/", registering.register_colleagues, name="colleagues"
    ),
    path(
        "<int:event_id>/inscription/<int:registration_id>/annuler/",
        registering.cancel,
        name="cancel",
    ),
]
