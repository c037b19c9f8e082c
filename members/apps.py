from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "adhérents"

    def ready(self) -> None:
        from members.access import register_audiences  # noqa: PLC0415  models are loaded by now

        register_audiences()
