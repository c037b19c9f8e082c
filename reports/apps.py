from django.apps import AppConfig

from apmsl.lib import blocks, navigation


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "rapports"

    def ready(self) -> None:
        # Models are loaded by now.
        from members.access import MEMBER, STAFF  # noqa: PLC0415
        from reports.access import REPORTS  # noqa: PLC0415
        from reports.builders.kinds import register_kinds  # noqa: PLC0415
        from reports.views.documents import my_documents_block  # noqa: PLC0415

        register_kinds()
        blocks.register(my_documents_block, order=50)
        navigation.register(
            label="Rapports",
            url_name="reports:index",
            rule=REPORTS,
            group=navigation.STEERING,
            order=10,
            icon="chart-column",
            hint="L’année en chiffres, le rapport d’activité",
        )
        navigation.register(
            label="Mon département",
            url_name="reports:district",
            rule=STAFF,
            group=navigation.STEERING,
            order=80,
            icon="map-pin",
            hint="Ses équipes, ses actions, ce qui attend",
        )
        navigation.register(
            label="Rapports d’activité",
            url_name="reports:voted",
            rule=MEMBER,
            group=navigation.RESOURCES,
            order=60,
            icon="file-text",
            hint="Ce que la fédération a fait, chaque année",
        )
