"""The addresses of a campaign's concordances."""

from django.urls import path

from annotations.web.concordance import own, views

urlpatterns = [
    path("<slug:campaign>/concordance/", views.show, name="span_concordance"),
    path("<slug:campaign>/places/", own.find, name="own_concordance"),
    path("<slug:campaign>/places/label/", own.label, name="own_label"),
    path("<slug:campaign>/places/<uuid:step>/", own.step, name="own_step"),
    path("<slug:campaign>/places/<uuid:step>/undo/", own.undo, name="own_undo"),
]
