from django.urls import path

from annotations.web.library import loads, views

urlpatterns = [
    path("", views.everything, name="corpora"),
    path("new/", views.new, name="corpus_new"),
    path("<slug:corpus>/", views.show, name="corpus"),
    path("<slug:corpus>/articles/<int:article>/", views.article, name="article"),
    path("<slug:corpus>/load/", loads.load, name="corpus_load"),
    path("<slug:corpus>/loads/<uuid:load>/", loads.report, name="load"),
    path("<slug:corpus>/loads/<uuid:load>/progress/", loads.progress, name="load_progress"),
    path("<slug:corpus>/loads/<uuid:load>/report.jsonl", loads.full_report, name="load_report"),
    path("<slug:corpus>/loads/<uuid:load>/cancel/", loads.cancel, name="load_cancel"),
]
