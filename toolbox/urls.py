from django.urls import URLPattern

app_name = "toolbox"
urlpatterns: list[URLPattern] = []
