from django.urls import path

from annotations.web.agreement import views

urlpatterns = [
    path("<slug:campaign>/agreement/", views.show, name="agreement"),
    # a label may have any key: what is no label stands behind "-"
    path("<slug:campaign>/agreement/-/run/", views.run, name="agreement_run"),
    path("<slug:campaign>/agreement/-/deepen/", views.deepen, name="agreement_deepen"),
    path("<slug:campaign>/agreement/-/depth/", views.in_depth, name="agreement_depth"),
    path("<slug:campaign>/agreement/-/progress/", views.progress, name="agreement_progress"),
    path("<slug:campaign>/agreement/-/watch/", views.watch, name="agreement_watch"),
    path("<slug:campaign>/agreement/-/all/", views.every_label, name="agreement_every_label"),
    path("<slug:campaign>/agreement/-/parts/", views.by_part, name="agreement_parts"),
    path("<slug:campaign>/agreement/-/spans/", views.behind, name="agreement_spans"),
    path("<slug:campaign>/agreement/-/gold/", views.own_gold, name="own_gold"),
    path(
        "<slug:campaign>/agreement/-/gold/corrections/",
        views.own_corrections,
        name="own_corrections",
    ),
    path("<slug:campaign>/agreement/-/runs/", views.every_run, name="agreement_runs"),
    path("<slug:campaign>/agreement/-/changes/", views.changes, name="agreement_changes"),
    path("<slug:campaign>/agreement/-/<int:run>.json", views.download, name="agreement_download"),
    path("<slug:campaign>/agreement/<str:label>/", views.label, name="agreement_label"),
]
