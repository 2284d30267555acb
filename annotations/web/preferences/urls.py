from django.urls import path

from annotations.web.preferences import views

urlpatterns = [path("", views.preferences, name="preferences")]
