"""The addresses of the labelling desk."""

from django.urls import path

from annotations.web.desk import entities, views
from annotations.web.desk.cases import cases
from annotations.web.desk.history import history
from annotations.web.desk.operations import operations
from annotations.web.desk.suggestions import suggestions

urlpatterns = [
    path("<int:assignment>/", views.desk, name="desk"),
    path("<int:assignment>/state", views.state, name="desk_state"),
    path("<int:assignment>/operations", operations, name="desk_operations"),
    path("<int:assignment>/history", history, name="desk_history"),
    path("<int:assignment>/cases/", cases, name="desk_cases"),
    path("<int:assignment>/check", views.check, name="desk_check"),
    path("<int:assignment>/submit", views.submit, name="desk_submit"),
    path("<int:assignment>/next", views.next_article, name="desk_next"),
    path("<int:assignment>/skip", views.skip, name="desk_skip"),
    path("<int:assignment>/active", views.active, name="desk_active"),
    path("<int:assignment>/entities", entities.entities, name="desk_entities"),
    path("<int:assignment>/suggestions", suggestions, name="desk_suggestions"),
]
