"""The addresses of the shell: home, signing in, people, jobs, languages."""

from django.urls import include, path

from annotations.web.language import set_language
from annotations.web.words import catalog

urlpatterns = [
    path("", include("annotations.web.home.urls")),
    path("", include("annotations.web.sign_in.urls")),
    path("people/", include("annotations.web.people.urls")),
    path("jobs/", include("annotations.web.jobs.urls")),
    path("language/", set_language, name="set_language"),
    path("i18n/<str:language>/<slug:digest>.js", catalog, name="catalog"),
]
