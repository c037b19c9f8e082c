"""Every address of the URLconf outside the admin, with objects of the records to open it with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from apmsl.jobs.models import Result, Run, RunRequest, RunStatus
from events.models import ActionKind, Event, Registration, room_token
from members.models import Membership, Person, Scan, Team, User
from network.models import Article, LocalGroup, Newsletter
from reports.models import ReportVersion
from toolbox.models import Equipment, JobPosting, Loan, Tool
from training.models import Cohort

# Addresses that show no page of their own, and why.
NOT_PAGES = {
    "health": "for machines",
    "text_preview": "asked by POST",
    "members:renewal": "leads to the step that awaits",
    "members:renewal_link": "leads to the team's file",
    "members:renewal_check": "asked by POST",
    "members:renewal_correct": "asked by POST",
    "members:renewal_amend": "asked by POST",
    "members:renewal_send": "asked by POST",
    "members:renewal_ask": "asked by POST",
    "members:renewal_promise": "asked by POST",
    "members:renewal_decline": "asked by POST",
    "members:renewal_come_back": "asked by POST",
    "members:renewal_invoice": "asked by POST",
    "members:own_renewal": "leads to the step that awaits",
    "members:own_renewal_team": "an isolated professional's: audited in test_campaign",
    "members:own_renewal_check": "asked by POST",
    "members:own_renewal_correct": "asked by POST",
    "members:own_renewal_fee": "an isolated professional's: audited in test_campaign",
    "members:own_renewal_ask": "asked by POST",
    "members:own_renewal_promise": "asked by POST",
    "members:own_renewal_decline": "asked by POST",
    "members:own_renewal_come_back": "asked by POST",
    "members:own_renewal_payment": "an isolated professional's: audited in test_campaign",
    "members:own_renewal_invoice": "asked by POST",
    "members:own_renewal_receipt": "an isolated professional's: audited in test_campaign",
    "members:charge": "behind a link: nobody owes anything in the demonstration",
    "members:charge_invoice": "asked by POST",
    "members:charge_return": "after a payment by card",
    "members:charge_piece": "a file",
    "events:calendar": "a file",
    "events:guest": "seen in tests/events/test_guests",
    "events:guest_sent": "after a request",
    "events:guest_confirm": "by the link of a letter",
    "events:photo": "a file",
    "events:document": "a file",
    "events:feed_public": "a file",
    "events:feed_mine": "a file",
    "events:feed_agenda": "a file",
    "events:feed_renew": "asked by POST",
    "events:feed_revoke": "asked by POST",
    "events:register": "asked by POST",
    "events:colleagues": "asked by POST",
    "events:cancel": "asked by POST",
    "events:send_letter": "asked by POST",
    "events:drop_letter": "asked by POST",
    "events:letter": "seen in tests/events/test_letters.py",
    "events:certificates": "asked by POST",
    "events:certificate": "asked by POST",
    "events:my_certificate": "seen in tests/events/test_after.py",
    "events:survey": "seen in tests/events/test_after.py",
    "certificate": "seen in tests/events/test_after.py",
    "events:mailed_document": "a file",
    "events:sessions": "asked by POST",
    "events:attendance_sheet": "a file",
    "events:badges": "asked by POST",
    "events:poster": "a file",
    "events:check_in": "says again and again what it noted: audited in test_check_in",
    "events:check_in_sync": "answers a script",
    "events:check_in_worker": "a script",
    "events:accept": "asked by POST",
    "events:reserve": "asked by POST",
    "events:replace": "one's own: seen in tests of views",
    "events:name": "one's own: seen in tests of views",
    "events:decline": "asked by POST",
    "members:piece": "a file",
    "members:fact_document": "a file",
    "members:contact_remove": "asked by POST",
    "members:my_data_copy": "a file",
    "members:team_data_copy": "a file",
    "members:contacts_confirm": "asked by POST",
    "members:card_pay": "asked by POST",
    "members:card_return": "after a payment by card",
    "members:card_notice": "for machines",
    "members:exchange_done": "asked by POST",
    "members:team_invite": "asked by POST",
    "members:manager_name": "asked by POST",
    "members:manager_withdraw": "asked by POST",
    "members:invitation": "seen in test_team_account",
    "members:invitation_again": "asked by POST",
    "members:invitation_withdraw": "asked by POST",
    "members:departure_cancel": "asked by POST",
    "members:post_document": "a file",
    "toolbox:download": "a file",
    "toolbox:close_job": "asked by POST",
    "toolbox:cancel_loan": "asked by POST",
    "reports:group_card": "asked by POST",
    "reports:ask": "asked by POST",
    "reports:version_file": "asked by POST",
    "reports:withdraw": "asked by POST",
    "reports:open_checks": "asked by POST",
    "reports:check": "of a voted report: seen in tests/reports/test_checks.py",
    "reports:checks": "of a voted report: seen in tests/reports/test_checks.py",
    "reports:comment": "asked by POST",
    "reports:place": "asked by POST",
    "reports:place_action": "asked by POST",
    "reports:actions_as_usual": "asked by POST",
    "reports:rename_chapter": "asked by POST",
    "reports:remove_chapter": "asked by POST",
    "reports:usual_order": "asked by POST",
    "reports:preview": "asked by POST",
    "reports:last_year": "asked by POST",
    "reports:take_back": "asked by POST",
    "reports:resolve": "asked by POST",
    "reports:voted_file": "a file",
    "reports:declaration_text": "a file",
    "reports:scan_picture": "a file",
    "reports:index": "leads to the last year",
    "jobs:download": "a file",
    "jobs:again": "asked by POST",
    "mfa_download_recovery_codes": "a file",
    "mfa_login_webauthn": "answers a script",
    # A step of something under way: audited where it happens, in test_sign_in.
    "account_confirm_login_code": "after a code was sent",
    "account_email_verification_sent": "after an address was added",
    "mfa_authenticate": "after the password",
    "mfa_reauthenticate_webauthn": "before something sensitive",
    "mfa_remove_webauthn": "with a passkey",
    "mfa_edit_webauthn": "with a passkey",
    "mfa_view_recovery_codes": "once they were made",
    "account_set_password": "for an account without a password",
}


@dataclass(frozen=True)
class Address:
    name: str
    path: str


def names() -> dict[str, list[str]]:
    """Each name of the URLconf, with what its address asks for."""
    return dict(_walk(get_resolver(), "", []))


def _walk(
    resolver: URLResolver, namespace: str, asked: list[str]
) -> Iterator[tuple[str, list[str]]]:
    for entry in resolver.url_patterns:
        parameters = [*asked, *_parameters(entry)]
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", parameters
        elif entry.namespace != "admin":
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, parameters)


def _parameters(entry: URLPattern | URLResolver) -> list[str]:
    pattern: Any = entry.pattern
    return list(pattern.converters) or list(pattern.regex.groupindex)


def all_for(user: User | None) -> list[Address]:
    """With several objects each, of different situations; an unknown parameter is an error."""
    found = []
    for name, parameters in names().items():
        if name in NOT_PAGES:
            continue
        values = [SAMPLES[parameter](user) for parameter in parameters]
        if name in SETS:
            choices = SETS[name](user)
        else:
            choices = [dict(zip(parameters, row, strict=True)) for row in product(*values)]
        found += [Address(name, reverse(name, kwargs=kwargs)) for kwargs in choices]
    return found


# -- objects ---------------------------------------------------------------------------------------
def _firsts(*querysets: Any) -> list[int]:
    """The first of each: they must exist."""
    return [queryset.order_by("pk").values_list("pk", flat=True)[0] for queryset in querysets]


def _teams(user: User | None) -> list[int]:
    own = Team.objects.of_person(user.person_id, _today()) if user else Team.objects.none()
    kinds = [
        Team.objects.filter(constituted_on=None),
        Team.objects.filter(aci_signed_on__lte=_today()),
    ]
    return sorted({*own.values_list("pk", flat=True), *_firsts(*kinds)})


def _events(user: User | None) -> list[int]:
    """To come, with and without a limit; over; cancelled."""
    seen = (
        Event.objects.visible_to(user)
        if user
        else Event.objects.filter(audiences__contains=["public"])
    )
    coming = seen.coming(_today()).values_list("pk", flat=True)
    kinds = [
        seen.past(_today()),
        seen.filter(status="cancelled"),
        seen.filter(starts_on__gte=_today(), capacity__gt=0),
    ]
    found = [queryset.values_list("pk", flat=True).first() for queryset in kinds]
    return sorted({pk for pk in [*coming[:2], *found] if pk})


def _runs(user: User | None) -> list[int]:
    """One in each state, asked by the user."""
    if user is None:
        return [1]
    return [_run(user, status).pk for status in RunStatus]


def _run(user: User, status: str) -> Run:
    key = f"example:{user.pk}:{status}"
    at = timezone.now()
    facts: dict[str, Any] = {"status": status, "label": "Un document", "sent_at": at, "beat_at": at}
    facts |= {"total": 10, "done": 4, "message": "Le modèle du document est introuvable."}
    if status == RunStatus.DONE:
        kept = Result.objects.keep(
            kind="example", key=key, digest=key, filename="exemple.pdf", content=b"%PDF"
        )
        facts |= {"result": kept, "finished_at": at}
    run, made = Run.objects.get_or_create(kind="example", key=key, defaults=facts)
    if made:
        RunRequest.objects.create(run=run, user=user)
    return run


def _today() -> Any:
    from apmsl.lib.dates import today  # noqa: PLC0415  the addresses are listed before Django is ready

    return today()


def _people(user: User | None) -> list[int]:
    teams = Team.objects.filter(positions__isnull=False)
    others = Person.objects.filter(positions__team__in=teams, emails__isnull=False)
    return sorted({*_firsts(others), *([user.person_id] if user else [])})


def _scans(user: User | None) -> list[dict[str, int]]:
    sent = Scan.objects.sent().filter(form__year=2023).order_by("pk")
    mine = Team.objects.of_person(user.person_id, _today()) if user else Team.objects.none()
    own = sent.filter(team__in=mine).first()
    return [{"team_id": scan.team_id, "year": 2023} for scan in {own, sent.first()} if scan]


def _indicators(user: User | None) -> list[dict[str, Any]]:
    from reports.indicators import REGISTRY  # noqa: PLC0415  the same

    return [{"year": 2023, "indicator_id": key} for key in list(REGISTRY)[::40]]


def _versions(user: User | None) -> list[dict[str, int]]:
    """A version in reading; nearly all that it says has changed since."""
    from tests.reports.factories import ReportVersionFactory  # noqa: PLC0415  the same

    known = ReportVersion.objects.of_year(2023).first()
    version = known or ReportVersionFactory(year=2023, number=1, counts={"teams": 3})
    return [{"year": 2023, "number": version.number}]


def _files_tokens() -> list[str]:
    return [file.token for file in Membership.objects.filter(year=2024, team__isnull=False)[:1]]


Sample = Callable[[User | None], list[Any]]
SAMPLES: dict[str, Sample] = {
    "team_id": _teams,
    "exchange_id": lambda user: [1],
    "manager_id": lambda user: [1],
    "invitation_id": lambda user: [1],
    "invitation_token": lambda user: ["invitation-coupée"],
    "departure_id": lambda user: [1],
    "position_id": lambda user: [1],
    "kept": lambda user: ["fiche-de-poste"],
    "fact_id": lambda user: [1],
    "person_id": _people,
    "token": lambda user: _files_tokens(),
    "detail_id": lambda user: [1],
    "event_id": _events,
    "feed_token": lambda user: ["adresse-secrète"],
    "registration_id": lambda user: _firsts(Registration.objects.all()),
    "guest_token": lambda user: ["lien-coupé"],
    "photo_id": lambda user: [1],
    "document_id": lambda user: [1],
    "room_token": lambda user: [room_token(event) for event in Event.objects.order_by("pk")[:1]],
    "registration_token": lambda user: [
        Registration.objects.order_by("pk").first().token,  # type: ignore[union-attr]
        "lien-coupé",
    ],
    "tool_id": lambda user: _firsts(Tool.objects.filter(withdrawn_on=None)),
    "job_id": lambda user: _firsts(JobPosting.objects.open_on(_today()), JobPosting.objects.all()),
    "equipment_id": lambda user: _firsts(Equipment.objects.all()),
    "loan_id": lambda user: _firsts(Loan.objects.all()),
    "group_id": lambda user: _firsts(LocalGroup.objects.all()),
    "cohort_id": lambda user: _firsts(Cohort.objects.all()),
    "letter_id": lambda user: _firsts(Newsletter.objects.all()),
    "article_id": lambda user: _firsts(Article.objects.all()),
    "run_id": _runs,
    "year": lambda user: [2023],
    "voted_year": lambda user: [2023],
    "number": lambda user: [1],
    "month": lambda user: [12],
    "indicator_id": lambda user: ["teams_total"],
    "subject": lambda user: ["sans-contact"],
    "kind_id": lambda user: _firsts(ActionKind.objects.all()),
    "document": lambda user: ["activity"],
    "chapter": lambda user: ["foreword", "outlook"],
    "comment_id": lambda user: [1],
    "part": lambda user: ["teams"],
    "chapter_of_actions": lambda user: ["teams"],
    "action_key": lambda user: ["thematic_meeting"],
    "revision": lambda user: [1],
    "pk": lambda user: [1],
    "piece_id": lambda user: [1],
    "membership_id": lambda user: [1],
    "checkout_key": lambda user: ["00000000-0000-4000-8000-000000000000"],
    "provider": lambda user: ["stripe"],
    "uidb36": lambda user: ["1"],
    "key": lambda user: ["used"],
}


def _files(user: User | None) -> list[dict[str, int]]:
    """One's own file of the campaign that is open, and one that is under way."""
    files = Membership.objects.filter(year=2024, team__isnull=False).order_by("pk")
    mine = Team.objects.of_person(user.person_id, _today()) if user else Team.objects.none()
    own = files.filter(team__in=mine).first()
    states = [files.filter(status=status).first() for status in ("called", "paid", "declined")]
    return [{"team_id": file.team_id, "year": 2024} for file in {own, *states} if file]


def _choosing(user: User | None) -> list[dict[str, int]]:
    """One's own registration to the public evening to come, which has workshops and questions."""
    if user is None or user.person is None:
        return []
    event = Event.objects.coming(_today()).filter(items__is_chosen=True)[0]
    facts = {"registered_on": _today(), "queued_at": timezone.now()}
    mine, _ = Registration.objects.get_or_create(event=event, person=user.person, defaults=facts)
    return [{"event_id": event.pk, "registration_id": mine.pk}]


RENEWAL = ("team", "form", "fee", "payment", "receipt")
SETS: dict[str, Sample] = {
    "reports:scan": _scans,
    "reports:scan_layout": _scans,
    "reports:declaration": _scans,
    "events:choose": _choosing,
    "events:answers": _choosing,
    "events:moves": _choosing,
    "reports:indicator": _indicators,
    "reports:version": _versions,
    **{f"members:renewal_{step}": _files for step in RENEWAL},
    "members:form_preview": lambda user: [{"year": 2024}],
}
