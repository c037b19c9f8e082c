"""The campaign as local groups see it: who has started, sent, paid, and a letter to those who are late.

No amount is shown here: what a team pays is its own business and the federation's.
"""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Max, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.typography import plural
from members.access import STAFF
from members.enums import Department, Situation
from members.models import Campaign
from members.models.memberships import MembershipQuerySet
from members.services import reminders
from members.services.progress import Tally, with_situation
from members.services.reminders import A_WEEK, Suggestion
from network.access import groups_followed
from network.models import LocalGroup, LocalGroupTeam

TONES = {
    Situation.TO_START: "warning",
    Situation.DRAFT: "warning",
    Situation.LATE: "danger",
    Situation.PAID: "success",
    Situation.DECLINED: "neutral",
    Situation.CANCELLED: "neutral",
}


@access(STAFF)
@require_safe
def overview(request: Request) -> HttpResponse:
    """Every group and every département: how far their teams have come."""
    campaign, on = _opened().first(), today()
    if campaign is None:
        return render(request, "network/renewals.html", {})
    groups = LocalGroup.objects.open_on(on).order_by("department", "name", "pk")
    of_group, of_department = _tallies(campaign, on)
    context = {
        "campaign": campaign,
        "groups": [(group, of_group.get(group.pk, Tally())) for group in groups],
        "without_group": of_group.get(None),
        "departments": [
            (value, label, of_department[value])
            for value, label in Department.choices
            if value in of_department
        ],
    }
    return render(request, "network/renewals.html", context)


def _tallies(campaign: Campaign, on: date) -> tuple[dict[int | None, Tally], dict[str, Tally]]:
    """By group (none: in no group) and by département, in two queries."""
    group_of = dict(LocalGroupTeam.objects.registered_on(on).values_list("team", "group"))
    by_group: dict[int | None, Tally] = {}
    by_department: dict[str, Tally] = {}
    files = with_situation(campaign.memberships().filter(team__isnull=False), on)
    rows = files.values_list("team", "team__department", "situation", "has_sent")
    for team, department, situation, has_sent in rows.order_by("pk"):
        for tally in (
            by_group.setdefault(group_of.get(team), Tally()),
            by_department.setdefault(department, Tally()),
        ):
            tally.count(situation, has_sent=has_sent)
    return by_group, by_department


@access(SIGNED_IN)
@require_safe
def board(request: Request, group_id: int) -> HttpResponse:
    group, campaign, on = _followed(request, group_id), _campaign(), today()
    teams = _files(group, campaign, on)
    found = with_situation(teams, on).annotate(last_letter=Max("reminders__day"))
    rows = list(found.select_related("team").order_by("team__sort_name", "pk"))
    writable = {row.membership.pk for row in reminders.suggestions(teams, on, rest=A_WEEK)}
    tally = Tally()
    for row in rows:
        tally.count(row.situation, has_sent=row.has_sent)
    context = {
        "group": group,
        "campaign": campaign,
        "tally": tally,
        "rows": [(row, *_shown(row), row.pk in writable) for row in rows],
        "writable": len(writable),
    }
    return render(request, "network/group_renewals.html", context)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: Request, group_id: int) -> HttpResponse:
    """The letters as they would leave, then the letters, to those that are ticked."""
    group, campaign, on = _followed(request, group_id), _campaign(), today()
    files = _files(group, campaign, on)
    if request.method == "POST":
        chosen = _chosen(files, request.POST.getlist("files"))
        _send(request, chosen, on)
        return redirect("network:group_renewals", group.pk)
    if only := request.GET.get("file", ""):
        files = _chosen(files, [only])
    found = reminders.suggestions(files, on, rest=A_WEEK)
    context = {"group": group, "campaign": campaign, "letters": _by_letter(found)}
    return render(request, "network/group_remind.html", context)


def _send(request: Request, files: MembershipQuerySet, on: date) -> None:
    asked = files.count()
    sent = reminders.remind(files=files, by=request.user, on=on, at=timezone.now(), rest=A_WEEK)
    if sent:
        messages.success(request, f"{plural(sent, 'équipe relancée', 'équipes relancées')}.")
    if asked > sent:
        left = plural(
            asked - sent, "équipe n’a pas été relancée", "équipes n’ont pas été relancées"
        )
        messages.warning(
            request, f"{left} : une lettre vient de partir, ou plus rien n’est attendu."
        )
    if not asked:
        messages.info(request, "Aucune équipe n’était cochée : rien n’est parti.")


# -- whose -----------------------------------------------------------------------------------------
def _followed(request: Request, group_id: int) -> LocalGroup:
    return get_object_or_404(groups_followed(request.user, today()), pk=group_id)


def _opened() -> QuerySet[Campaign]:
    """The one that runs, else the last that was opened, comes first."""
    return Campaign.objects.opened().select_related("form").order_by("-form__year")


def _campaign() -> Campaign:
    campaign = _opened().first()
    if campaign is None:
        raise Http404
    return campaign


def _files(group: LocalGroup, campaign: Campaign, on: date) -> MembershipQuerySet:
    teams = LocalGroupTeam.objects.on(on).filter(group=group).values("team")
    return campaign.memberships().filter(team__in=teams)


def _chosen(files: MembershipQuerySet, ids: Iterable[str]) -> MembershipQuerySet:
    """Those of the group, whatever the page was made to say."""
    known = [int(pk) for pk in ids if pk.isdecimal() and len(pk) < 19]
    return files.filter(pk__in=known)


def _shown(row: Any) -> tuple[str, str]:
    situation = Situation(row.situation)
    return str(situation.label), TONES.get(situation, "info")


def _by_letter(found: list[Suggestion]) -> list[dict[str, Any]]:
    ordered = sorted(found, key=lambda row: (row.step.pk, str(row.membership.team)))
    return [
        {"step": step, "paragraphs": step.body.split("\n\n"), "rows": list(rows)}
        for step, rows in groupby(ordered, key=lambda row: row.step)
    ]


def is_followed(user: Any, group: LocalGroup, on: date) -> bool:
    """For the page of the group: whether to lead to its memberships."""
    followed: QuerySet[LocalGroup] = groups_followed(user, on).filter(pk=group.pk)
    return Campaign.objects.opened().exists() and followed.exists()
