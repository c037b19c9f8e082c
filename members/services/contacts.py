"""How a person is reached, and whom each way is shown to. Lock order: the person, then the rest.

Nothing is shown more widely than its owner chose; each choice is a row that bears the words read.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from members.enums import ConsentChannel, Visibility
from members.models import Consent, ContactDetail, Person, PersonEmail, User

# Change a word below: give the text a new version. Consents keep the one that was read.
TEXT_VERSION = "annuaire-1"
TEXTS = {
    Visibility.FEDERATION: "L’équipe salariée de la fédération, et personne d’autre.",
    Visibility.GROUP: (
        "L’équipe salariée, et les adhérents des équipes qui sont aujourd’hui dans le même groupe "
        "local que la vôtre."
    ),
    Visibility.MEMBERS: (
        "L’équipe salariée, le conseil d’administration et tous les adhérents de la région, "
        "connectés au portail."
    ),
    Visibility.PUBLIC: "Tout le monde, y compris sur des pages ouvertes sans connexion.",
}
MOST_DETAILS = 10
CONFIRMED_FOR = timedelta(days=365)

Contact = PersonEmail | ContactDetail


class ContactRefused(Exception):
    """The message is shown to the person as it is."""


def key_of(contact: Contact) -> str:
    """What names a way to reach someone, among all of theirs: « email-12 », « detail-3 »."""
    return f"{'email' if isinstance(contact, PersonEmail) else 'detail'}-{contact.pk}"


def contacts_of(person: Person) -> list[Contact]:
    return [*person.emails.in_order(), *person.contact_details.in_order()]


@transaction.atomic
def choose(*, person: Person, choices: Mapping[str, str], by: User, at: datetime) -> int:
    """Whom each of one's own is shown to; what is another's, or not named, is left as it is."""
    person = _lock(person)
    changed = 0
    for contact in contacts_of(person):
        chosen = choices.get(key_of(contact), contact.visibility)
        if chosen != contact.visibility:
            contact.visibility = Visibility(chosen)
            contact.save(update_fields=["visibility"])
            _record(contact, by=by, at=at)
            changed += 1
    return changed


@transaction.atomic
def add(
    *, person: Person, kind: str, value: str, visibility: str, by: User, at: datetime
) -> ContactDetail:
    person = _lock(person)
    if person.contact_details.count() >= MOST_DETAILS:
        raise ContactRefused(f"Vous avez déjà {MOST_DETAILS} coordonnées : retirez-en une d’abord.")
    detail = ContactDetail(person=person, kind=kind, value=value, visibility=visibility)
    try:
        detail.full_clean()
    except ValidationError as error:
        raise ContactRefused(" ".join(error.messages)) from error
    detail.save()
    _record(detail, by=by, at=at)
    return detail


@transaction.atomic
def remove(*, person: Person, detail_id: int, at: datetime) -> bool:
    """Gone from every page at once; False when it is not theirs, or gone already."""
    detail = _lock(person).contact_details.filter(pk=detail_id).first()
    if detail is None:
        return False
    _withdraw(detail, at=at)  # a trigger would; this one knows when
    detail.delete()
    return True


@transaction.atomic
def confirm(*, person: Person, on: date) -> None:
    """« Tout est à jour ». Said again the same day, nothing changes."""
    person = _lock(person)
    if person.checked_on is None or person.checked_on < on:
        person.checked_on = on
        person.save(update_fields=["checked_on"])


def _lock(person: Person) -> Person:
    return Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)


def _record(contact: Contact, *, by: User, at: datetime) -> None:
    _withdraw(contact, at=at)
    if contact.visibility == Visibility.FEDERATION:
        return
    Consent.objects.create(
        person=contact.person,
        field=_field(contact),
        value=_value(contact),
        visibility=contact.visibility,
        text_version=TEXT_VERSION,
        text=TEXTS[Visibility(contact.visibility)],
        channel=ConsentChannel.PORTAL,
        given_at=at,
        given_by=by,
    )


def _withdraw(contact: Contact, *, at: datetime) -> None:
    given = Consent.objects.open().filter(person=contact.person_id, field=_field(contact))
    given.filter(value=_value(contact)).update(withdrawn_at=at)


def _field(contact: Contact) -> str:
    return "email" if isinstance(contact, PersonEmail) else contact.kind


def _value(contact: Contact) -> str:
    return contact.address if isinstance(contact, PersonEmail) else contact.value
