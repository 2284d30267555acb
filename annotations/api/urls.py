"""The addresses of the API, version 1."""

from django.urls import path

from annotations.api import adjudication, agreement, conversation, exports, views

urlpatterns = [
    path("assignments", views.assignments, name="api_assignments"),
    path("assignments/next", views.claim, name="api_next"),
    path("assignments/<int:assignment>", views.assignment, name="api_assignment"),
    path("assignments/<int:assignment>/operations", views.operations, name="api_operations"),
    path("assignments/<int:assignment>/submit", views.submit, name="api_submit"),
    path("assignments/<int:assignment>/corrections", views.corrections, name="api_corrections"),
    path("assignments/<int:assignment>/cases", adjudication.cases, name="api_cases"),
    path("assignments/<int:assignment>/messages", conversation.messages, name="api_messages"),
    path("assignments/<int:assignment>/messages/seen", conversation.seen, name="api_seen"),
    path("adjudications", adjudication.choose, name="api_adjudication"),
    path("adjudications/next", adjudication.claim, name="api_next_adjudication"),
    path("campaigns/<slug:campaign>/agreement", agreement.newest, name="api_agreement"),
    path("campaigns/<slug:campaign>/agreement/parts", agreement.parts, name="api_agreement_parts"),
    path("campaigns/<slug:campaign>/agreement/<int:run>", agreement.one, name="api_agreement_run"),
    path(
        "campaigns/<slug:campaign>/agreement/<int:before>/<int:after>",
        agreement.changes,
        name="api_agreement_changes",
    ),
    path("campaigns/<slug:campaign>/exports", exports.exports, name="api_exports"),
    path("exports/<uuid:export>/diff/<uuid:other>", exports.difference, name="api_difference"),
    path("exports/<uuid:export>/<slug:format>", exports.file, name="api_export"),
    path("exports/<uuid:export>/<slug:format>/losses", exports.losses, name="api_losses"),
]
