"""The addresses of a campaign's concordances."""

from django.urls import path

from annotations.web.concordance import views

urlpatterns = [
    path("<slug:campaign>/concordance/", views.show, name="span_concordance"),
]
