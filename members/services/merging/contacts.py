"""How to reach someone who had two records: of two choices for one address, the strictest holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Greatest

from apmsl.lib.typography import typeset
from members.enums import Visibility
from members.models import Consent, ContactDetail, Person, PersonEmail

Contact = PersonEmail | ContactDetail
Key = tuple[str, str]  # the field of a consent, and the value without case
_WIDTH = {value: rank for rank, value in enumerate(Visibility.values)}


@dataclass(frozen=True)
class Way:
    """One address or telephone: as it stands on each record, and whom it will be shown to."""

    key: Key
    kept: Contact | None
    gone: Contact | None
    visibility: str

    @property
    def survivor(self) -> Contact:
        found = self.kept or self.gone
        assert found is not None  # noqa: S101  one of them has it
        return found

    @property
    def told(self) -> str:
        shown = Visibility(self.visibility).label.lower()
        if self.kept and self.gone:
            return typeset(f"« {self.survivor} » est sur les deux fiches : visible par {shown}")
        took_back = "car une fiche avait retiré son accord"
        return typeset(f"« {self.survivor} » : visible par {shown}, {took_back}")

    @property
    def changes(self) -> bool:
        return bool(self.kept and self.gone) or self.survivor.visibility != self.visibility


def ways(kept: Person, gone: Person) -> list[Way]:
    ours, theirs = dict(_ways_of(kept)), dict(_ways_of(gone))
    return [
        Way(key, ours.get(key), theirs.get(key), _strictest(key, kept, gone, ours, theirs))
        for key in {**ours, **theirs}
    ]


def _ways_of(person: Person) -> Iterator[tuple[Key, Contact]]:
    for email in person.emails.in_order():
        yield ("email", email.address.lower()), email
    for detail in person.contact_details.in_order():
        yield (detail.kind, detail.value.lower()), detail


def _strictest(
    key: Key, kept: Person, gone: Person, ours: dict[Key, Contact], theirs: dict[Key, Contact]
) -> str:
    chosen = []
    for person, known in ((kept, ours), (gone, theirs)):
        if key in known:
            chosen.append(known[key].visibility)
        elif _took_back(person, key):
            chosen.append(Visibility.FEDERATION)
    if key in ours and key in theirs and str(ours[key]) != str(theirs[key]):
        chosen.append(Visibility.FEDERATION)  # the consent names the other spelling
    return min(chosen, key=lambda value: _WIDTH[value])


def _took_back(person: Person, key: Key) -> bool:
    """Shown once on that record, and no longer."""
    given = person.consents.filter(field=key[0], value__iexact=key[1])
    return given.exists() and not given.filter(withdrawn_at=None).exists()


# -- done ------------------------------------------------------------------------------------------
def settle(kept: Person, gone: Person, *, at: datetime) -> None:
    known = ways(kept, gone)
    has_primary = kept.emails.filter(is_primary=True).exists()
    for way in known:
        if way.changes:
            _close_consents(way, [kept.pk, gone.pk], at=at)
    Consent.objects.filter(person=gone).update(person=kept)
    for way in known:
        primary = _settle(way, kept, primary_is_free=not has_primary)
        has_primary = has_primary or primary


def _close_consents(way: Way, people: list[int], *, at: datetime) -> None:
    """One stays open, that of the choice that holds; each keeps its row, for it is a proof."""
    field, value = way.key
    given = Consent.objects.open().filter(person__in=people, field=field, value__iexact=value)
    own = str(way.survivor.address if isinstance(way.survivor, PersonEmail) else way.survivor.value)
    stays = given.filter(visibility=way.visibility, value=own).order_by("given_at", "pk").first()
    others = given.exclude(pk=stays.pk) if stays else given
    others.update(withdrawn_at=Greatest("given_at", at))


def _settle(way: Way, kept: Person, *, primary_is_free: bool) -> bool:
    """Whether it is now the main address."""
    changed: dict[str, Any] = {"visibility": way.visibility, "person": kept}
    takes_primary = False
    if isinstance(way.survivor, PersonEmail):
        wanted = any(getattr(one, "is_primary", False) for one in (way.kept, way.gone))
        takes_primary = primary_is_free and wanted
        own = way.kept is not None and getattr(way.kept, "is_primary", False)
        changed["is_primary"] = takes_primary or own
    if way.kept and way.gone:
        way.gone.delete()
    type(way.survivor)._default_manager.filter(pk=way.survivor.pk).update(**changed)
    return takes_primary
