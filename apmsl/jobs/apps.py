from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "apmsl.jobs"
    label = "jobs"
    verbose_name = "travaux"

    def ready(self) -> None:
        # Here rather than in apmsl/__init__.py: the keepers of the embedded servers do without.
        import_module("apmsl.celery")
