"""The form of a year as a team will see it, for those who write it; nothing is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from members.access import STAFF
from members.models import ScanForm
from members.services.answers import Entry, fields_of
from members.views.renewal_form import Box, groups_of, parts_of


@access(STAFF)
@require_safe
def form_preview(request: HttpRequest, year: int) -> HttpResponse:
    form = get_object_or_404(ScanForm, year=year)
    groups = groups_of(Box(field, Entry(), None) for field in fields_of(form))
    context = {"form": form, "parts": parts_of(groups)}
    return render(request, "members/renewal/preview.html", context)
