from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from apmsl.lib.admin.model import ReadOnlyModelAdmin
from apmsl.mail.models import Message, MessageStatus


@admin.register(Message)
class MessageAdmin(ReadOnlyModelAdmin):
    """The ledger is read, never rewritten."""

    list_display = ("created_at", "recipient", "subject", "shown_status", "sent_at", "attempts")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        "purpose",
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("recipient", "subject", "object_key")
    ordering = ("-created_at", "-pk")

    @display(
        description="état",
        label={
            MessageStatus.WAITING.label: "warning",
            MessageStatus.SENT.label: "success",
            MessageStatus.FAILED.label: "danger",
        },
    )
    def shown_status(self, message: Message) -> str:
        return message.get_status_display()
