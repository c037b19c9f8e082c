from django.apps import AppConfig

from apmsl.lib import navigation
from apmsl.lib.access import PUBLIC


class ToolboxConfig(AppConfig):
    name = "toolbox"
    verbose_name = "boîte à outils"

    def ready(self) -> None:
        # Models are loaded by now.
        from members.access import MEMBER  # noqa: PLC0415
        from members.services.departures import register_matters  # noqa: PLC0415
        from members.services.erasing import register_obstacle  # noqa: PLC0415
        from toolbox.services import handover  # noqa: PLC0415
        from toolbox.services.loans import loans_in_charge  # noqa: PLC0415

        register_matters("Matériel prêté à l’équipe", handover.loans)
        register_matters("Offres en ligne", handover.postings)
        register_obstacle("loans", loans_in_charge)

        navigation.register(
            label="Boîte à outils",
            url_name="toolbox:tools",
            rule=PUBLIC,
            group=navigation.RESOURCES,
            order=10,
            icon="folder-open",
            hint="Modèles, fiches et guides",
        )
        navigation.register(
            label="Prêt de matériel",
            url_name="toolbox:lending",
            rule=MEMBER,
            group=navigation.RESOURCES,
            order=20,
            icon="package",
            hint="Vélo à smoothie, kits, jeux",
        )
        navigation.register(
            label="Offres",
            url_name="toolbox:jobs",
            rule=PUBLIC,
            group=navigation.RESOURCES,
            order=30,
            icon="briefcase",
            hint="Postes de coordination, reprises",
        )
