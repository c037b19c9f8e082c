from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "formations"

    def ready(self) -> None:
        from training.access import register_audiences  # noqa: PLC0415  models are loaded by now

        register_audiences()
