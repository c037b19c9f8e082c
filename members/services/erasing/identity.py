"""What names a person in a text: names, addresses and telephones, of today and of before."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q

from apmsl.lib.text import pattern
from members.models import Consent, ContactDetail, Person, PersonEmail, PersonMerge, User
from members.models.contacts import PHONES

NAME, ADDRESS, PHONE = "Personne effacée", "adresse effacée", "téléphone effacé"
_TITLES = r"(?:M\.|Mr|Mme|Mlle|Madame|Monsieur|Mademoiselle|Dr|Docteure?|Pr|Professeure?)"
_WORDS_APART = r"(?:[\s,\-_.\u00a0\u202f]|&nbsp;)+"
_GAP = r"[\s.\-/()\u00a0\u202f\u2010-\u2015]*"


@dataclass(frozen=True)
class Identity:
    """``numbers``: of the record, and of those that were made one with it."""

    numbers: tuple[int, ...]
    names: frozenset[tuple[str, str]]  # first, last
    addresses: frozenset[str]
    phones: frozenset[str]

    def words(self) -> list[str]:
        """Each name alone: looked for in what is written about this person only."""
        return sorted({word for name in self.names for word in name if len(word) > 1})


Replacement = tuple[
    str, str
]  # a regular expression, for PostgreSQL and Python alike; what replaces it


def identity_of(person: Person) -> Identity:
    merged = PersonMerge.objects.filter(kept=person).values_list("gone_id", flat=True)
    numbers = (person.pk, *merged)
    return Identity(
        numbers,
        names=frozenset(_names(numbers)),
        addresses=frozenset(_addresses(person)),
        phones=frozenset(_phones(numbers)),
    )


def _names(numbers: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    yield from Person.objects.filter(pk__in=numbers).values_list("first_name", "last_name")
    past = _history(Person).objects.filter(pgh_obj_id__in=numbers)
    yield from past.values_list("first_name", "last_name").distinct()


def _addresses(person: Person) -> set[str]:
    """Without those that others share: they are theirs too."""
    rows: tuple[Iterable[str], ...] = (
        person.emails.values_list("address", flat=True),
        User.objects.filter(person=person).values_list("email", flat=True),
        EmailAddress.objects.filter(user__person=person).values_list("email", flat=True),
        Consent.objects.filter(person=person, field="email").values_list("value", flat=True),
    )
    own = {address.lower() for part in rows for address in part}
    same = Q()
    for address in own:
        same |= Q(address__iexact=address)
    others = PersonEmail.objects.exclude(person=person).filter(same if own else Q(pk__in=[]))
    return own - {address.lower() for address in others.values_list("address", flat=True)}


def _phones(numbers: tuple[int, ...]) -> set[str]:
    known = ContactDetail.objects.filter(person__in=numbers, kind__in=PHONES)
    past = _history(ContactDetail).objects.filter(person_id__in=numbers, kind__in=PHONES)
    given = Consent.objects.filter(person__in=numbers, field__in=PHONES)
    found = {v for rows in (known, past, given) for v in rows.values_list("value", flat=True)}
    others = ContactDetail.objects.exclude(person__in=numbers).filter(value__in=found)
    return found - set(others.values_list("value", flat=True))


def _history(model: Any) -> Any:
    return model.pgh_event_model


# -- as regular expressions ------------------------------------------------------------------------
def everywhere(identity: Identity) -> list[Replacement]:
    """Whole names, in either order, unless somebody else bears them; a family name after a title,
    unless it is somebody else's; addresses and telephones."""
    found = [(_alone(re.escape(address)), ADDRESS) for address in sorted(identity.addresses)]
    found += [(_phone(number), PHONE) for number in sorted(identity.phones)]
    others = Person.objects.exclude(pk__in=identity.numbers).filter(erased_on=None)
    for first, last in sorted(identity.names):
        if (
            first
            and last
            and not others.filter(sort_name__iregex=f"^{pattern(last)} +{pattern(first)}$")
        ):
            found.append((_alone(f"{pattern(first)}{_WORDS_APART}{pattern(last)}"), NAME))
            found.append((_alone(f"{pattern(last)}{_WORDS_APART}{pattern(first)}"), NAME))
        if len(last) > 1 and not others.filter(last_name__iregex=f"^{pattern(last)}$"):
            found.append((_alone(f"{_TITLES}{_WORDS_APART}{pattern(last)}"), NAME))
    return found


def family_names(identity: Identity) -> list[Replacement]:
    """Alone, where the whole name stands beside it."""
    last_names = sorted({last for _, last in identity.names if len(last) > 1})
    return [(_alone(pattern(last)), NAME) for last in last_names]


def written_about(identity: Identity) -> list[Replacement]:
    return [(_alone(pattern(word)), NAME) for word in identity.words()]


def _alone(inside: str) -> str:
    return rf"(?<!\w)(?:{inside})(?!\w)"


def _phone(kept: str) -> str:
    """However its digits are spaced, with or without the code of the country."""
    digits = _GAP.join(kept.removeprefix("+33"))
    return rf"(?<!\d)(?:(?:\+|00)33{_GAP}0?|0){_GAP}{digits}(?!\d)"
