from django.urls import path

from annotations.web.jobs import views

urlpatterns = [
    path("", views.everything, name="jobs"),
    path("<uuid:job>/", views.show, name="job"),
    path("<uuid:job>/progress/", views.progress, name="job_progress"),
    path("<uuid:job>/log/", views.log, name="job_log"),
    path("<uuid:job>/cancel/", views.cancel, name="job_cancel"),
    path("<uuid:job>/retry/", views.retry, name="job_retry"),
]
