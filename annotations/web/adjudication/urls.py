from django.urls import path

from annotations.web.adjudication import views

urlpatterns = [
    path("<slug:campaign>/adjudication/", views.show, name="adjudication"),
    path("<slug:campaign>/adjudication/next/", views.next_article, name="adjudicate_next"),
    path("<slug:campaign>/adjudication/agreed/", views.take_agreed, name="adjudication_agreed"),
    path("<slug:campaign>/adjudication/progress/", views.progress, name="adjudication_progress"),
    path("<slug:campaign>/adjudication/decisions/", views.decisions, name="decisions"),
    path("<slug:campaign>/adjudication/<int:article>/", views.adjudicate, name="adjudicate"),
    path("<slug:campaign>/adjudication/<int:article>/left/", views.left, name="adjudication_left"),
    path(
        "<slug:campaign>/adjudication/<int:article>/take-over/",
        views.take_over,
        name="adjudication_take_over",
    ),
    path(
        "<slug:campaign>/adjudication/<int:article>/reopen/",
        views.reopen,
        name="adjudication_reopen",
    ),
]
