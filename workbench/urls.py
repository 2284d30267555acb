"""The map of the site."""

from django.urls import include, path

from workbench.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("annotations.web.urls")),
    path("api/v1/", include("annotations.api.urls")),
]
