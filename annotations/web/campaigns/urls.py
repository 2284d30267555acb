from django.urls import path

from annotations.web.campaigns import views

urlpatterns = [
    path("", views.everything, name="campaigns"),
    path("new/<slug:corpus>/", views.new, name="campaign_new"),
    path("<slug:campaign>/", views.show, name="campaign"),
    path("<slug:campaign>/options/", views.change_options, name="campaign_options"),
    path("<slug:campaign>/start/", views.start, name="campaign_start"),
    path("<slug:campaign>/close/", views.close, name="campaign_close"),
    path("<slug:campaign>/assignments/", views.assignments, name="campaign_assignments"),
    path(
        "<slug:campaign>/assignments/<int:assignment>/reopen/",
        views.reopen,
        name="assignment_reopen",
    ),
]
