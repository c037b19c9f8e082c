"""Messages to participants, of every event: to how many each has left, and what has not."""

from collections import Counter
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from apmsl.lib.admin.model import ReadOnlyModelAdmin
from apmsl.lib.typography import typeset
from apmsl.mail.models import MessageStatus
from events.models import EventLetter, EventLetterQuerySet
from events.services import letters


@admin.register(EventLetter)
class EventLetterAdmin(ReadOnlyModelAdmin):
    """Written and sent from the page of its event; here, followed."""

    list_display = (
        "words",
        "event",
        "recipients",
        "sent_at",
        "people",
        "sent",
        "waiting",
        "failed",
    )
    list_display_links = None
    list_filter = (
        ("event", AutocompleteSelectFilter),
        ("recipients", ChoicesDropdownFilter),
        ("sent_at", RangeDateTimeFilter),
    )
    list_select_related = ("event",)
    search_fields = ("subject", "event__search_text")
    ordering = ("-sent_at", "-pk")
    fields = ("event", "subject", "text", "recipients", "sent_at", "sent_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventLetter]:
        rows: EventLetterQuerySet = super().get_queryset(request)
        return rows.with_progress()

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """What became of the mails, for the letters of the page at once."""
        found = super().get_changelist_instance(request)
        rows = list(found.result_list)
        outcomes = letters.outcomes([row.pk for row in rows])
        for row in rows:
            row.outcome = outcomes.get(row.pk, Counter())
        found.result_list = rows
        return found

    @display(description="message", ordering="subject")
    def words(self, letter: EventLetter) -> SafeString:
        url = reverse("events:letter", args=[letter.event_id, letter.pk])
        return format_html(
            '<a class="text-primary-700 underline" href="{}">{}</a>', url, typeset(letter.subject)
        )

    @display(description="destinataires")
    def people(self, letter: EventLetter) -> int:
        return letter.people

    @display(description="partis")
    def sent(self, letter: Any) -> int:
        return int(letter.outcome[MessageStatus.SENT])

    @display(description="en attente")
    def waiting(self, letter: Any) -> int:
        """Not written yet, or written and not taken by the post office."""
        if not letter.sent_at:
            return 0
        return int(letter.people - letter.written + letter.outcome[MessageStatus.WAITING])

    @display(description="échecs")
    def failed(self, letter: Any) -> SafeString | str:
        number = letter.outcome[MessageStatus.FAILED]
        return format_html('<span class="day-late">{}</span>', number) if number else "–"
