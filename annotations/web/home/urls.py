from django.urls import path

from annotations.web.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("next/<slug:campaign>/", views.next_article, name="next_article"),
]
