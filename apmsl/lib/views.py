"""Pages of no app: the gallery of components."""

from datetime import date, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apmsl.lib.access import Rule, access

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
    agreed = forms.BooleanField(label="J’ai lu la charte de participation au réseau")
