from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class LibConfig(AppConfig):
    name = "apmsl.lib"
    label = "lib"


class PortalAdminConfig(AdminConfig):
    default_site = "apmsl.lib.admin.site.PortalAdminSite"
