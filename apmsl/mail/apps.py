from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "apmsl.mail"
    label = "mail"
    verbose_name = "courrier"
