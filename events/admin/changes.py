"""Whoever saves an event in the administration tells those who come what changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.lib.typography import plural
from events import services
from events.models import Event


class TellsChanges:
    """For the admin of events. The sessions are saved after the event: only then is all known."""

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        form.facts_before = services.facts(obj.pk) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            return
        told = services.tell_changes(
            event=form.instance, before=form.facts_before, on=today(), at=timezone.now()
        )
        if told:
            people = plural(told, "personne est prévenue", "personnes sont prévenues")
            messages.info(request, f"{people} de ce qui change.")
