from django.urls import path

from annotations.web.questions import views

urlpatterns = [
    path("", views.show, name="questions"),
    path("<int:assignment>/", views.thread, name="question"),
    path("<int:assignment>/say/", views.say, name="question_say"),
    path("<int:assignment>/seen/", views.see, name="question_seen"),
    path("<int:assignment>/messages", views.messages_of, name="question_messages"),
    path("<int:assignment>/messages/seen", views.mark, name="question_mark"),
]
