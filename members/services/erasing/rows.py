"""The rows of a person: those that go, and what is emptied in those that stay."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pgtrigger
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from apmsl.lib.identifiers import new_code
from members.models import (
    Consent,
    ContactDetail,
    DataRequest,
    Exchange,
    NotDuplicate,
    Person,
    PersonEmail,
    PersonMerge,
    User,
)
from members.models.personal import SOURCES
from members.services.erasing.scrubbing import ACCOUNTS, NO_ADDRESS
from members.services.merging.links import generic_rows_of, links_to
from members.services.merging.rules import rule_of

FIRST_NAME, LAST_NAME = "Personne", "effacée"


def close_account(person: Person) -> None:
    """Nobody enters by it any more; what its owner did stays theirs, without a name."""
    user = User.objects.filter(person=person).first()
    if user is None:
        return
    for session in UserSession.objects.filter(user=user):
        session.end()
    UserSession.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.email = f"{user.pk}-{NO_ADDRESS}"
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save(update_fields=["email", "is_active", "last_login", "password"])


def delete_contacts(person: Person) -> None:
    for model in (PersonEmail, ContactDetail, Consent):
        model._base_manager.filter(person=person).delete()
    NotDuplicate.objects.filter(Q(first=person) | Q(second=person)).delete()


def end_links(person: Person, *, on: date) -> None:
    """Posts and practices end today; those of the past stay as they were."""
    for link in links_to(Person):
        rule = rule_of(link.label)
        for period in filter(None, (rule.inner, rule.period)):
            start, end = period
            open_rows = link.rows_of(person.pk).filter(Q(**{end: None}) | Q(**{f"{end}__gt": on}))
            if rule.inner == period:
                open_rows = open_rows.exclude(**{start: None})
            ended: Any = Greatest(Coalesce(F(start), on), on)
            open_rows.update(**{end: ended})


def make_anonymous(person: Person, *, on: date) -> None:
    """Profession and way of practising stay: past figures count by them."""
    person.first_name, person.last_name = FIRST_NAME, LAST_NAME
    person.code, person.checked_on, person.erased_on = new_code(), None, on
    person.save(update_fields=["first_name", "last_name", "code", "checked_on", "erased_on"])
    person.merges.update(gone_name="", gone_code="")
    for rows, _ in generic_rows_of(Person, person.pk):
        if rows.model is LogEntry:
            rows.update(object_repr=f"{FIRST_NAME} {LAST_NAME}", change_message="")


def answer_requests(person: Person, *, answer: str, on: date) -> None:
    asked = DataRequest.objects.filter(person=person)
    asked.waiting().update(handled_on=on, answer=answer)
    asked.update(text="")
    asked.exclude(answer=answer).update(answer="")


def written_about(person: Person, addresses: Iterable[str]) -> "Iterator[QuerySet[Any]]":
    """The rows of this person: there, a name alone is theirs."""
    for link in links_to(Person):
        if link.model not in {PersonMerge, NotDuplicate, User}:
            yield link.rows_of(person.pk)
    for source in SOURCES:
        if source.person and source.model != "members.Person" and source.model not in ACCOUNTS:
            model = apps.get_model(source.model)
            yield model._base_manager.filter(source.rows_of_person(person.pk))
        if source.email and source.model != "mail.Message":
            model = apps.get_model(source.model)
            same = Q(pk__in=[])
            for address in addresses:
                same |= Q(**{f"{source.email}__iexact": address})
            yield model._base_manager.filter(same)
    teams = person.positions.values("team").union(person.affiliations.values("team"))
    yield Exchange.objects.filter(team__in=teams.values("team"), person=None)


def forget_history(numbers: tuple[int, ...]) -> None:
    """Of the record itself, of its contacts and of its requests: nothing else is said there."""
    _forget(Person, Q(pgh_obj_id__in=numbers))
    _forget(ContactDetail, Q(person_id__in=numbers))
    _forget(DataRequest, Q(person_id__in=numbers))


def _forget(model: Any, whose: Q) -> None:
    history = model.pgh_event_model
    with pgtrigger.ignore(f"{history._meta.label}:append_only"):
        history.objects.filter(whose).delete()
