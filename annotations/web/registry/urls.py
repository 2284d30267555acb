from django.urls import path

from annotations.web.registry import duplicates, editing, files, merging, uses, views

urlpatterns = [
    path("", views.registries, name="registries"),
    path("<int:registry>/", views.entities, name="registry"),
    path("<int:registry>/proposals/", views.proposals, name="proposals"),
    path("<int:registry>/uses/", uses.count, name="uses_count"),
    path("<int:registry>/uses/progress/", uses.progress, name="uses_progress"),
    path("<int:registry>/duplicates/", duplicates.show, name="duplicates"),
    path("<int:registry>/duplicates/settle/", duplicates.settle, name="duplicates_settle"),
    path("<int:registry>/export.<slug:kind>", files.export, name="registry_export"),
    path("<int:registry>/import/", files.choose, name="registry_import"),
    path("<int:registry>/import/<uuid:look>/", files.look, name="registry_look"),
    path("<int:registry>/import/<uuid:look>/progress/", files.progress, name="registry_progress"),
    path("<int:registry>/import/<uuid:look>/bring/", files.bring, name="registry_bring"),
    path("<int:registry>/new/", editing.new, name="entity_new"),
    path("<int:registry>/<uuid:entity>/", views.show, name="entity"),
    path("<int:registry>/<uuid:entity>/mentions/", views.mentions, name="mentions"),
    path("<int:registry>/<uuid:entity>/edit/", editing.edit, name="entity_edit"),
    path("<int:registry>/<uuid:entity>/accept/", editing.accept, name="entity_accept"),
    path("<int:registry>/<uuid:entity>/names/", editing.add_name, name="entity_name"),
    path(
        "<int:registry>/<uuid:entity>/names/<int:alias>/remove/",
        editing.remove_name,
        name="entity_name_remove",
    ),
    path(
        "<int:registry>/<uuid:entity>/names/<int:alias>/accept/",
        editing.accept_name,
        name="entity_name_accept",
    ),
    path("<int:registry>/<uuid:entity>/links/", editing.add_link, name="entity_link"),
    path(
        "<int:registry>/<uuid:entity>/links/<int:link>/remove/",
        editing.remove_link,
        name="entity_link_remove",
    ),
    path("<int:registry>/<uuid:entity>/merge/", merging.merge, name="entity_merge"),
    path("<int:registry>/<uuid:entity>/split-back/", merging.split_back, name="entity_split_back"),
    path("<int:registry>/<uuid:entity>/split/", merging.split, name="entity_split"),
]
