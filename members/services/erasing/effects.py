"""What an erasure will do to someone's data, kind by kind, told before it is done."""

from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import Q
from django.utils.text import capfirst

from members.models import Consent, ContactDetail, Person, PersonEmail, Piece
from members.services.erasing.scrubbing import accounts_kept_from
from members.services.merging.links import links_to
from members.services.merging.rules import rule_of

_GO = (PersonEmail, ContactDetail, Consent)
_NEVER_SHOWN = {
    "members.PersonMerge.kept",
    "members.NotDuplicate.first",
    "members.NotDuplicate.second",
}


@dataclass(frozen=True)
class Effect:
    label: str
    count: int
    told: str


def effects(person: Person, *, on: date) -> list[Effect]:
    found = [
        Effect("Nom, prénom, code", 1, "effacés ; la profession reste, pour les chiffres passés")
    ]
    for link in links_to(Person):
        count = link.rows_of(person.pk).count() if link.label not in _NEVER_SHOWN else 0
        if count:
            label = capfirst(str(link.model._meta.verbose_name_plural))
            found.append(Effect(label, count, _told(link.model, link.label)))
    pieces = Piece.objects.filter(Q(membership__person=person) | Q(charge__person=person))
    if kept := pieces.filter(issued_on__gte=accounts_kept_from(on)).count():
        found.append(
            Effect("Pièces comptables", kept, "gardées avec le nom : la loi demande dix ans")
        )
    return found


def _told(model: type, label: str) -> str:
    if model in _GO:
        return "effacés"
    if model is apps.get_model("members.User"):
        return "fermé ; les appareils sont déconnectés"
    if rule_of(label).period:
        return "gardés sans le nom ; ce qui est en cours se termine aujourd’hui"
    return "gardés sans le nom ; les textes ne le nomment plus"
