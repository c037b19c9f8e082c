from django.urls import path

from events.views import agenda, event, month, registering

app_name = "events"
urlpatterns = [
    path("", agenda.events, name="events"),
    path("mois/<int:year>/<int:month>/", month.month, name="month"),
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
