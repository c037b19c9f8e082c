from typing import Any

from django.apps import AppConfig
from django.apps.registry import Apps
from django.db.models.signals import post_migrate

from apmsl.lib import blocks, navigation
from apmsl.lib.access import PUBLIC


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "événements"

    def ready(self) -> None:
        from events.builders.badges import register_badges  # noqa: PLC0415
        from events.builders.certificates import register_kind  # noqa: PLC0415
        from events.models import Registration  # noqa: PLC0415
        from events.services import (  # noqa: PLC0415
            cancel_for_erased,
            handover,
            promote_after_merge,
        )
        from events.views import agenda  # noqa: PLC0415  models are loaded by now
        from members.models.attention import register_contacts  # noqa: PLC0415
        from members.services.departures import register_matters  # noqa: PLC0415
        from members.signals import people_merged, person_erased  # noqa: PLC0415

        register_kind()
        register_badges()
        post_migrate.connect(_install_kinds, sender=self)
        blocks.register(agenda.coming_block, order=20)
        _register_deadlines()
        register_matters("Inscriptions à venir", handover.registrations)
        register_contacts("registrations", Registration.objects.of_year)
        people_merged.connect(promote_after_merge)
        person_erased.connect(cancel_for_erased)
        navigation.register(
            label="Événements",
            url_name="events:events",
            rule=PUBLIC,
            group=navigation.AGENDA,
            order=10,
            icon="calendar-days",
            hint="Réunions, rencontres et formations",
        )


def _register_deadlines() -> None:
    """In the personal calendar: what apps below know of; those above register their own."""
    from events.feeds import Source, deadlines, register_source  # noqa: PLC0415

    register_source("loans", Source(deadlines.loans, deadlines.loans_state))
    register_source("membership", Source(deadlines.membership, deadlines.membership_state))


def _install_kinds(apps: Apps | None = None, **_: Any) -> None:
    """After each migration, and after a test has emptied the tables."""
    if apps is not None and "actionkind" not in apps.all_models["events"]:
        return  # migrated back to before there were kinds
    from events.models import ActionKind  # noqa: PLC0415

    ActionKind.objects.install()
