from django.apps import AppConfig

from apmsl.lib import blocks, navigation
from apmsl.lib.access import PUBLIC


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = "réseau et vie associative"

    def ready(self) -> None:
        # Models are loaded by now.
        from members.access import MEMBER  # noqa: PLC0415
        from network.access import register_audiences  # noqa: PLC0415
        from network.views import communication, groups  # noqa: PLC0415

        register_audiences()
        blocks.register(groups.my_group_block, order=15)
        blocks.register(communication.news_block, order=60)
        navigation.register(
            label="Groupes locaux",
            url_name="network:groups",
            rule=MEMBER,
            group=navigation.NETWORK,
            order=30,
            icon="map-pinned",
            hint="Les coordinations, près de chez vous",
        )
        navigation.register(
            label="La fédération",
            url_name="network:federation",
            rule=PUBLIC,
            group=navigation.NETWORK,
            order=40,
            icon="landmark",
            hint="Conseil d’administration, équipe, commissions",
        )
        navigation.register(
            label="Représentation",
            url_name="network:representation",
            rule=MEMBER,
            group=navigation.NETWORK,
            order=50,
            icon="megaphone",
            hint="Qui nous représente, et où",
        )
        navigation.register(
            label="Partenaires",
            url_name="network:partners",
            rule=PUBLIC,
            group=navigation.NETWORK,
            order=60,
            icon="handshake",
            hint="Conventions et avantages",
        )
        navigation.register(
            label="Lettres",
            url_name="network:letters",
            rule=PUBLIC,
            group=navigation.RESOURCES,
            order=40,
            icon="mail",
            hint="Toutes les lettres de la fédération",
        )
        navigation.register(
            label="Articles",
            url_name="network:articles",
            rule=PUBLIC,
            group=navigation.RESOURCES,
            order=50,
            icon="newspaper",
            hint="Inspir’Café, Les MSP ont du talent",
        )
