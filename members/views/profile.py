"""What one says of oneself in the directory."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from members import services
from members.forms import EmailVisibilityForm
from members.models import Person


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    people = Person.objects.with_links_on(today())
    person = people.filter(pk=request.user.person_id).first()
    form = EmailVisibilityForm(request.POST or None, person=person)
    if person and form.is_valid():
        services.set_email_visibility(person=person, visibilities=form.visibilities())
        messages.success(request, "Vos choix de visibilité sont enregistrés.")
        return redirect("members:profile")
    return render(request, "members/profile.html", {"person": person, "form": form})
