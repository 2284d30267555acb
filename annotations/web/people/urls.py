from django.urls import path

from annotations.web.people import members, views

urlpatterns = [
    path("", views.everyone, name="people"),
    path("invite/", views.invite, name="people_invite"),
    path("of/<slug:corpus>/", members.members, name="members"),
    path("members/<int:member>/remove/", members.remove, name="member_remove"),
    path("<int:person>/", views.show, name="person"),
    path("<int:person>/role/", views.change_role, name="person_role"),
    path("<int:person>/link/", views.new_link, name="person_link"),
    path("<int:person>/deactivate/", views.deactivate, name="person_deactivate"),
    path("<int:person>/reactivate/", views.reactivate, name="person_reactivate"),
]
