from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules


class LibConfig(AppConfig):
    name = "apmsl.lib"
    label = "lib"

    def ready(self) -> None:
        # In the order of INSTALLED_APPS, which is that of the dependencies: see apmsl.lib.imports.
        autodiscover_modules("resources")


class PortalAdminConfig(AdminConfig):
    default_site = "apmsl.lib.admin.site.PortalAdminSite"
