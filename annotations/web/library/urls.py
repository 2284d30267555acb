from django.urls import path

from annotations.web.library import (
    annotated,
    chosen,
    concordance,
    correcting,
    loads,
    looks,
    removing,
    views,
)

urlpatterns = [
    path("", views.everything, name="corpora"),
    path("new/", views.new, name="corpus_new"),
    path("<slug:corpus>/", views.show, name="corpus"),
    path("<slug:corpus>/articles/<int:article>/", views.article, name="article"),
    path("<slug:corpus>/count/", views.count, name="corpus_count"),
    path("<slug:corpus>/chosen/", chosen.chosen, name="chosen_articles"),
    path("<slug:corpus>/concordance/", concordance.show, name="concordance"),
    path(
        "<slug:corpus>/articles/<int:article>/correct/", correcting.correct, name="article_correct"
    ),
    path("<slug:corpus>/corrections/<uuid:job>/", correcting.show, name="correction"),
    path(
        "<slug:corpus>/corrections/<uuid:job>/progress/",
        correcting.progress,
        name="correction_progress",
    ),
    path("<slug:corpus>/trash/", removing.trash, name="trash"),
    path("<slug:corpus>/articles/<int:article>/delete/", removing.delete, name="article_delete"),
    path(
        "<slug:corpus>/articles/<int:article>/takedown/",
        removing.take_down,
        name="article_takedown",
    ),
    path("<slug:corpus>/load/", looks.choose, name="corpus_load"),
    path("<slug:corpus>/load/<uuid:look>/", looks.look, name="articles_look"),
    path("<slug:corpus>/load/<uuid:look>/progress/", looks.progress, name="articles_look_progress"),
    path("<slug:corpus>/load/<uuid:look>/rows/<int:group>/", looks.rows, name="articles_look_rows"),
    path(
        "<slug:corpus>/load/<uuid:look>/report.jsonl",
        looks.full_report,
        name="articles_look_report",
    ),
    path("<slug:corpus>/load/<uuid:look>/discard/", looks.discard, name="articles_look_discard"),
    path("<slug:corpus>/loads/<uuid:load>/", loads.report, name="load"),
    path("<slug:corpus>/loads/<uuid:load>/progress/", loads.progress, name="load_progress"),
    path("<slug:corpus>/loads/<uuid:load>/report.jsonl", loads.full_report, name="load_report"),
    path("<slug:corpus>/loads/<uuid:load>/cancel/", loads.cancel, name="load_cancel"),
    path("<slug:corpus>/annotations/", annotated.choose, name="annotated"),
    path("<slug:corpus>/annotations/<uuid:look>/", annotated.survey, name="annotated_survey"),
    path(
        "<slug:corpus>/annotations/<uuid:look>/progress/",
        annotated.survey_progress,
        name="annotated_progress",
    ),
    path("<slug:corpus>/annotations/loads/<uuid:load>/", annotated.load, name="annotated_load"),
    path(
        "<slug:corpus>/annotations/loads/<uuid:load>/progress/",
        annotated.load_progress,
        name="annotated_load_progress",
    ),
    path(
        "<slug:corpus>/annotations/loads/<uuid:load>/report.jsonl",
        annotated.full_report,
        name="annotated_report",
    ),
    path(
        "<slug:corpus>/annotations/loads/<uuid:load>/cancel/",
        annotated.cancel,
        name="annotated_cancel",
    ),
]
