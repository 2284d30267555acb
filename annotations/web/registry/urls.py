from django.urls import path

from annotations.web.registry import views

urlpatterns = [
    path("", views.registries, name="registries"),
    path("<int:registry>/", views.entities, name="registry"),
    path("<int:registry>/<uuid:entity>/", views.show, name="entity"),
    path("<int:registry>/<uuid:entity>/mentions/", views.mentions, name="mentions"),
]
