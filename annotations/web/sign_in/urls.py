from allauth.account import views as allauth
from django.urls import path

from annotations.web.sign_in import views

urlpatterns = [
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-in/link/<str:secret>/", views.link, name="sign_in_link"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("sign-up/", allauth.signup, name="account_signup"),
    path("account/inactive/", allauth.account_inactive, name="account_inactive"),
    path("account/confirm/", allauth.reauthenticate, name="account_reauthenticate"),
    path("account/password/", allauth.password_change, name="account_change_password"),
    path("account/password/set/", allauth.password_set, name="account_set_password"),
    path("account/password/new/", views.new_password, name="new_password"),
]
