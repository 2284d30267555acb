from django.urls import path

from annotations.web.trash import views

urlpatterns = [
    path("trash/", views.everything, name="everything_deleted"),
    path("corpora/<slug:corpus>/delete/", views.delete_corpus, name="corpus_delete"),
    path("corpora/<slug:corpus>/restore/", views.restore_corpus, name="corpus_restore"),
    path("campaigns/<slug:campaign>/delete/", views.delete_campaign, name="campaign_delete"),
    path("campaigns/<slug:campaign>/restore/", views.restore_campaign, name="campaign_restore"),
]
