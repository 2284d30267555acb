"""The members of one corpus: who manages it, adjudicates in it, reads its results."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from annotations import policy
from annotations.accounts.models import Role, User
from annotations.corpora.members import GIVEN, LastManager, add_member, remove_member
from annotations.corpora.models import Corpus, Membership
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("username"), label=_("Person")
    )
    role = forms.ChoiceField(
        label=_("Role in this corpus"),
        choices=[(role.value, role.label) for role in GIVEN],
        initial=Role.ANALYST,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_CORPUS)
def members(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        add_member(corpus, told["user"], Role(told["role"]), by=request.user)
        return see_other(request, "members", corpus.slug)
    listed = corpus.memberships.select_related("user").order_by("role", "user__username")
    context = {"corpus": corpus, "members": listed, "form": form, "given": GIVEN}
    return page(request, "people/members.html", context, status=422 if form.is_bound else 200)


@require_POST
@may(policy.MANAGE_MEMBER)
def remove(request: HtmxRequest, member: Membership) -> HttpResponse:
    slug = member.corpus.slug
    try:
        remove_member(member, by=request.user)
    except LastManager as refused:
        messages.error(request, str(refused))
    if policy.MANAGE_CORPUS.allows(request.user, member.corpus):
        return see_other(request, "members", slug)
    return see_other(request, "home")
