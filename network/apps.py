from django.apps import AppConfig

from apmsl.lib import blocks, navigation
from apmsl.lib.access import PUBLIC, Rule


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = "réseau et vie associative"

    def ready(self) -> None:
        # Models are loaded by now.
        from events.feeds import register_events  # noqa: PLC0415
        from events.signals import event_copied  # noqa: PLC0415
        from members.access import MEMBER  # noqa: PLC0415
        from members.services.departures import register_matters  # noqa: PLC0415
        from members.signals import departure_cancelled, departure_prepared  # noqa: PLC0415
        from network import services  # noqa: PLC0415
        from network.access import register_audiences  # noqa: PLC0415
        from network.feeds import events_of_my_groups  # noqa: PLC0415
        from network.views import communication, groups  # noqa: PLC0415

        register_audiences()
        register_events("groups", events_of_my_groups)
        register_matters("Réseau et représentation", services.roles_in_network)
        departure_prepared.connect(services.hand_group_over)
        departure_cancelled.connect(services.keep_group)
        event_copied.connect(services.meet_again)
        blocks.register(groups.my_group_block, order=15)
        blocks.register(communication.news_block, order=60)
        for order, (name, group, rule, label, icon, hint) in enumerate(_pages(MEMBER), 3):
            navigation.register(
                label=label,
                url_name=f"network:{name}",
                rule=rule,
                group=group,
                order=10 * order,
                icon=icon,
                hint=hint,
            )


def _pages(member: Rule) -> list[tuple[str, str, Rule, str, str, str]]:
    network, resources = navigation.NETWORK, navigation.RESOURCES
    return [
        (
            "groups",
            network,
            member,
            "Groupes locaux",
            "map-pinned",
            "Les coordinations près de vous",
        ),
        (
            "federation",
            network,
            PUBLIC,
            "La fédération",
            "landmark",
            "Conseil, équipe, commissions",
        ),
        ("representation", network, member, "Représentation", "megaphone", "Qui siège, et où"),
        ("partners", network, PUBLIC, "Partenaires", "handshake", "Conventions et avantages"),
        ("letters", resources, PUBLIC, "Lettres", "mail", "Toutes les lettres de la fédération"),
        (
            "articles",
            resources,
            PUBLIC,
            "Articles",
            "newspaper",
            "Inspir’Café, Les MSP ont du talent",
        ),
    ]
