from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("members.urls")),
    path("boite-a-outils/", include("toolbox.urls")),
    path("evenements/", include("events.urls")),
    path("reseau/", include("network.urls")),
    path("formations/", include("training.urls")),
    path("rapports/", include("reports.urls")),
    path("compte/", include("allauth.urls")),
    path("administration/", admin.site.urls),
]
