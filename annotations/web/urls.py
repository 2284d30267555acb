"""The map of the screens."""

from django.urls import include, path

urlpatterns = [
    path("", include("annotations.web.shell_urls")),
    path("desk/", include("annotations.web.desk.urls")),
    path("questions/", include("annotations.web.questions.urls")),
    path("preferences/", include("annotations.web.preferences.urls")),
    path("registry/", include("annotations.web.registry.urls")),
    path("corpora/", include("annotations.web.library.urls")),
    path("campaigns/", include("annotations.web.campaigns.urls")),
    path("campaigns/", include("annotations.web.adjudication.urls")),
    path("campaigns/", include("annotations.web.agreement.urls")),
    path("campaigns/", include("annotations.web.exports.urls")),
    path("campaigns/", include("annotations.web.concordance.urls")),
    path("", include("annotations.web.trash.urls")),
]
