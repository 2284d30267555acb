"""The addresses of a campaign's exports, and of the loading of layers."""

from django.urls import path

from annotations.web.exports import comparing, formats, loads, views

urlpatterns = [
    path("<slug:campaign>/exports/", views.show, name="exports"),
    path("<slug:campaign>/exports/make/", views.make, name="exports_make"),
    path("<slug:campaign>/exports/compare/", comparing.compare, name="exports_compare"),
    path("<slug:campaign>/exports/compare.json", comparing.whole, name="exports_compared"),
    path("<slug:campaign>/exports/progress/", views.progress, name="exports_progress"),
    path("<slug:campaign>/exports/<uuid:export>.jsonl", views.download, name="export"),
    path("<slug:campaign>/exports/<uuid:export>/again/", views.again, name="export_again"),
    path(
        "<slug:campaign>/exports/<uuid:export>/<slug:format>/", formats.show, name="export_format"
    ),
    path(
        "<slug:campaign>/exports/<uuid:export>/<slug:format>/file",
        formats.download,
        name="export_converted",
    ),
    path(
        "<slug:campaign>/exports/<uuid:export>/<slug:format>/make/",
        formats.make,
        name="export_format_make",
    ),
    path(
        "<slug:campaign>/exports/<uuid:export>/<slug:format>/progress/",
        formats.progress,
        name="export_format_progress",
    ),
    path(
        "<slug:campaign>/exports/<uuid:export>/<slug:format>/losses.json",
        formats.losses,
        name="export_losses",
    ),
    path("<slug:campaign>/exports/<uuid:export>.<str:what>", views.beside, name="export_beside"),
    path("<slug:campaign>/layers/", loads.load, name="layers_load"),
    path("<slug:campaign>/layers/<uuid:load>/", loads.report, name="layers_report"),
    path("<slug:campaign>/layers/<uuid:load>/progress/", loads.progress, name="layers_progress"),
]
