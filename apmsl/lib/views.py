"""Pages of no app: the gallery of components, and what is said when a page breaks."""

import sys
from datetime import date, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import ConnectionError as CacheDown
from redis.exceptions import TimeoutError as CacheSlow

from apmsl.lib import markdown
from apmsl.lib.access import SIGNED_IN, Rule, access
from apmsl.lib.forms import Editor
from apmsl.lib.storage import is_full

# The database or the cache does not answer: not the portal's fault, and soon over.
PASSING = (OperationalError, InterfaceError, CacheDown, CacheSlow)
RETRY_AFTER = 120  # seconds
LONGEST_PREVIEW = 100_000  # letters

GALLERY = Rule("gallery", lambda user: settings.DEBUG or getattr(user, "is_staff", False))


@access(GALLERY)
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    page = Paginator(range(240), 20).get_page(request.GET.get("page", 3))
    context: dict[str, Any] = {
        "day": date(2023, 6, 15),
        "last_day": date(2023, 6, 16),
        "opens_at": time(9, 30),
        "closes_at": time(17),
        "page": page,
        "filter_form": _GalleryFilter(request.GET),
        "blank_form": _GalleryForm(prefix="vide"),
        "wrong_form": _GalleryForm({"faux-seats": "-3", "faux-email": "marie"}, prefix="faux"),
    }
    return render(request, "components/gallery.html", context)


@access(SIGNED_IN)
@require_POST
def text_preview(request: HttpRequest) -> HttpResponse:
    """What is typed in an editor, as it will be read; nothing is kept."""
    typed = request.POST.get(request.POST.get("field", ""), "")
    shown = markdown.to_html(typed[:LONGEST_PREVIEW], top=3)
    return HttpResponse(shown or "<p>Rien n’est encore écrit.</p>")


def broken(request: HttpRequest) -> HttpResponse:
    """A page that broke, said without database, cache or context: any of them may be the reason."""
    if isinstance(sys.exception(), PASSING):
        page = render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    if is_full(sys.exception()):
        return HttpResponse(render_to_string("507.html"), status=507)
    return HttpResponse(render_to_string("500.html"), status=500)


class _GalleryFilter(forms.Form):
    search = forms.CharField(label="Nom ou ville", required=False)
    department = forms.ChoiceField(
        label="Département",
        required=False,
        choices=[("", "Tous"), ("44", "Loire-Atlantique"), ("49", "Maine-et-Loire")],
    )
    stage = forms.MultipleChoiceField(
        label="Étape",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("project", "En projet"), ("constituted", "Constituée"), ("aci", "ACI signé")],
    )


class _GalleryForm(forms.Form):
    email = forms.EmailField(
        label="Adresse e-mail", help_text="Nous y envoyons la convocation et l’attestation."
    )
    seats = forms.IntegerField(label="Nombre de places", min_value=1)
    kind = forms.ChoiceField(
        label="Type d’équipe",
        choices=[("", "Choisir…"), ("msp", "Maison de santé"), ("clap", "ESP CLAP")],
    )
    meal = forms.ChoiceField(
        label="Déjeuner",
        widget=forms.RadioSelect,
        choices=[("yes", "Sur place"), ("no", "Non merci")],
    )
    comment = forms.CharField(label="Précisions", required=False, widget=forms.Textarea)
    story = forms.CharField(label="Texte mis en forme", required=False, widget=Editor)
    agreed = forms.BooleanField(label="J’ai lu la charte de participation au réseau")
