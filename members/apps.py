from datetime import date
from functools import partial
from typing import Any

from django.apps import AppConfig

from apmsl.lib.dates import in_year


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "adhérents"

    def ready(self) -> None:
        # Models are loaded by now.
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415

        from members.access import register_audiences  # noqa: PLC0415
        from members.adapters import end_other_sessions  # noqa: PLC0415
        from members.builders.piece_archive import register_kind  # noqa: PLC0415

        register_audiences()
        _register_contacts()
        _register_matters()
        register_kind()
        authenticator_added.connect(end_other_sessions)
        _register_navigation()
        _register_steering()
        _register_account()
        _register_blocks()


def _register_contacts() -> None:
    from members.models import (  # noqa: PLC0415
        Accompaniment,
        AccompanimentTeam,
        Exchange,
        FirstContact,
        TeamFact,
    )
    from members.models.attention import register_contacts  # noqa: PLC0415

    def accompanied(year: int, on: date) -> Any:
        running = Accompaniment.objects.running_in(year, on)
        return AccompanimentTeam.objects.filter(accompaniment__in=running)

    register_contacts("accompaniments", accompanied)

    def dated(model: Any, day: str) -> Any:
        return lambda year, on: model.objects.filter(in_year(day, year, on))

    register_contacts("facts", dated(TeamFact, "happened_on"))
    register_contacts("exchanges", dated(Exchange, "happened_on"))
    register_contacts("first contacts", dated(FirstContact, "received_on"))


def _register_matters() -> None:
    from members.services import departures  # noqa: PLC0415

    departures.register_matters("Formulaire de l’année", departures.drafts)


def _register_navigation() -> None:
    from apmsl.lib import navigation  # noqa: PLC0415
    from apmsl.lib.access import PUBLIC  # noqa: PLC0415
    from members.access import MEMBER  # noqa: PLC0415

    network = partial(navigation.register, group=navigation.NETWORK)
    network(
        label="Équipes",
        url_name="members:teams",
        rule=MEMBER,
        order=10,
        icon="hospital",
        hint="Les maisons de santé de la région",
    )
    network(
        label="Carte",
        url_name="members:map",
        rule=PUBLIC,
        order=15,
        icon="map",
        hint="La région, et l’équipe la plus proche",
    )
    network(
        label="Annuaire",
        url_name="members:people",
        rule=MEMBER,
        order=20,
        icon="users",
        hint="Les personnes et leurs fonctions",
    )


def _register_steering() -> None:
    from apmsl.lib import navigation  # noqa: PLC0415
    from members.access import STAFF  # noqa: PLC0415

    steering = partial(navigation.register, group=navigation.STEERING, rule=STAFF)
    steering(
        label="Suivi des équipes",
        url_name="members:following",
        order=85,
        icon="list-checks",
        hint="Ce qui attend, par département",
    )
    steering(
        label="Administration",
        url_name="admin:index",
        order=90,
        icon="settings",
        hint="Tenir les fiches et les inscriptions",
    )


def _register_account() -> None:
    from apmsl.lib import navigation  # noqa: PLC0415
    from apmsl.lib.access import PUBLIC, SIGNED_IN  # noqa: PLC0415

    account = partial(navigation.register, group=navigation.ACCOUNT, rule=SIGNED_IN)
    account(label="Mon profil", url_name="members:profile", icon="user", order=10)
    account(label="Mes données", url_name="members:my_data", icon="folder", order=15)
    account(label="Appareils connectés", url_name="usersessions_list", icon="laptop", order=20)
    footer = partial(navigation.register, group=navigation.FOOTER, rule=PUBLIC)
    footer(label="Carte des équipes", url_name="members:map", order=5)
    footer(label="Confidentialité", url_name="members:privacy", order=10)
    footer(label="Accessibilité", url_name="members:accessibility", order=20)
    footer(label="Mentions légales", url_name="members:legal", order=30)


def _register_blocks() -> None:
    from apmsl.lib import blocks  # noqa: PLC0415
    from members.views import home, profile, renewal_block, welcome_block  # noqa: PLC0415

    blocks.register(renewal_block.renewal_block, order=5)
    blocks.register(welcome_block.welcome_block, order=6)
    blocks.register(profile.confirm_block, order=8)
    blocks.register(home.my_teams_block, order=10)
    blocks.register(home.search_block, order=90)
    blocks.register_reminders(home.reminders)
