from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = "réseau et vie associative"

    def ready(self) -> None:
        from network.access import register_audiences  # noqa: PLC0415  models are loaded by now

        register_audiences()
