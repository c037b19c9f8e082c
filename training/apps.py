from django.apps import AppConfig

from apmsl.lib import blocks, navigation


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "formations"

    def ready(self) -> None:
        # Models are loaded by now.
        from events.feeds import Source, register_source  # noqa: PLC0415
        from members.access import MEMBER  # noqa: PLC0415
        from training import feeds, views  # noqa: PLC0415
        from training.access import register_audiences  # noqa: PLC0415

        register_audiences()
        register_source("seminars", Source(feeds.seminars, feeds.seminars_state))
        blocks.register(views.my_training_block, order=30)
        navigation.register(
            label="Formations",
            url_name="training:cohorts",
            rule=MEMBER,
            group=navigation.AGENDA,
            order=20,
            icon="graduation-cap",
            hint="PACTE et modules, par promotion",
        )
