from django.apps import AppConfig

from apmsl.lib import blocks, navigation


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "formations"

    def ready(self) -> None:
        # Models are loaded by now.
        from members.access import MEMBER  # noqa: PLC0415
        from training import views  # noqa: PLC0415
        from training.access import register_audiences  # noqa: PLC0415

        register_audiences()
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
