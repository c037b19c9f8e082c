"""What the tests of the CRM share: a clock that they move, and a passage of the worker."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from members.models import CrmRecord
from members.services.crm import sending

AT = timezone.now()


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def after(self, **time: float) -> datetime:
        self.at += timedelta(**time)
        return self.at


def send(at: datetime | None = None) -> object:
    """One passage, as if Zoho had not asked to wait."""
    return sending.send(at=at or timezone.now())


def send_all(most: int = 50) -> None:
    """As many passages as it takes, hours apart."""
    at = timezone.now()
    for _ in range(most):
        cache.delete("zoho.rest")
        send(at)
        if not CrmRecord.objects.waiting().exists():
            return
        at += timedelta(hours=7)
    raise AssertionError("something never leaves")


def record_of(thing: object) -> CrmRecord:
    module = {"Person": "Contacts", "Team": "Accounts"}[type(thing).__name__]
    return CrmRecord.objects.get(module=module, object_id=thing.pk)  # type: ignore[attr-defined]
