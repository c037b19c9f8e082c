"""How one is reached, whom it is shown to, and « everything is up to date »."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.blocks import Answer
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from members.forms import AddContactForm, VisibilitiesForm
from members.models import Person
from members.services import contacts


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    person = request.user.person
    form = _choices(request, person)
    if person and form.is_valid():
        contacts.choose(
            person=person, choices=form.cleaned_data, by=request.user, at=timezone.now()
        )
        messages.success(request, "Vos choix de visibilité sont enregistrés.")
        return redirect("members:profile")
    return _page(request, person, form, AddContactForm())


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def add_contact(request: Request) -> HttpResponse:
    person = _me(request)
    form = AddContactForm(request.POST or None)
    if form.is_valid():
        try:
            contacts.add(person=person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except contacts.ContactRefused as refusal:
            form.add_error("value", str(refusal))
        else:
            messages.success(request, "La coordonnée est ajoutée.")
            return redirect("members:profile")
    return _page(request, person, _choices(None, person), form)


@access(SIGNED_IN)
@require_POST
def remove_contact(request: Request, detail_id: int) -> HttpResponse:
    if not contacts.remove(person=_me(request), detail_id=detail_id, at=timezone.now()):
        raise Http404
    messages.success(request, "La coordonnée est retirée, de l’annuaire aussi.")
    return redirect("members:profile")


@access(SIGNED_IN)
@require_POST
def confirm(request: Request) -> HttpResponse:
    contacts.confirm(person=_me(request), on=today())
    messages.success(request, "Merci : vos coordonnées sont confirmées à la date d’aujourd’hui.")
    return redirect("members:home" if "home" in request.POST else "members:profile")


def confirm_block(request: Request, on: date) -> Answer:
    """Once a year, on the home page: what is known, and one button."""
    person = request.user.person if request.user.is_authenticated else None
    if person is None or is_confirmed(person, on):
        return None
    shown = contacts.contacts_of(person)
    return ("members/blocks/confirm.html", {"me": person, "contacts": shown})


def is_confirmed(person: Person, on: date) -> bool:
    return person.checked_on is not None and person.checked_on > on - contacts.CONFIRMED_FOR


def _me(request: Request) -> Person:
    if request.user.person is None:
        raise Http404
    return request.user.person


def _choices(request: Request | None, person: Person | None) -> VisibilitiesForm:
    known = contacts.contacts_of(person) if person else []
    return VisibilitiesForm((request and request.POST) or None, contacts=known)


def _page(
    request: Request, person: Person | None, form: VisibilitiesForm, new: AddContactForm
) -> HttpResponse:
    if person:
        person = Person.objects.with_links_on(today()).get(pk=person.pk)
    context = {
        "person": person,
        "form": form,
        "new": new,
        "details": person.contact_details.in_order() if person else [],
        "confirmed": person is not None and is_confirmed(person, today()),
        "texts": [(choice.label, text) for choice, text in contacts.TEXTS.items()],
    }
    return render(request, "members/profile.html", context)
