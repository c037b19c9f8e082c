"""Asking for documents, and the texts that the report prints."""

from datetime import date

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apmsl.jobs.models import Run, RunRequest
from apmsl.lib.access import access
from apmsl.lib.blocks import Answer
from apmsl.lib.dates import reference_day, today
from members.access import MEMBER, STAFF, teams_kept
from members.models import Scan, Team, User
from network.models import LocalGroup
from reports import services
from reports.access import REPORTS, scan_teams
from reports.builders import missing as gaps
from reports.builders import reading, screen
from reports.builders.declaration import Declaration
from reports.builders.documents import PRINTABLE, SCANS
from reports.builders.kept import kept_forms
from reports.builders.scans import TeamSheet
from reports.builders.wide import picture
from reports.enums import Document
from reports.views.years import of_recorded_year

BOARD_DOCUMENTS = (
    Document.ACTIVITY,
    Document.SLIDES,
    Document.SCAN_REGION,
    Document.SCAN_BATCH,
    Document.NETWORK,
    Document.WORKBOOK,
)
PRINTED = tuple(one for one in BOARD_DOCUMENTS if one in PRINTABLE)
SHOWN = 30  # runs on a page
# Opened by itself, a picture runs nothing and asks nobody. Inside a page, that page's policy holds.
PICTURE_POLICY = "sandbox; default-src 'none'"


@access(REPORTS)
@require_POST
@of_recorded_year
def ask(request: HttpRequest, year: int, document: str) -> HttpResponse:
    if document not in BOARD_DOCUMENTS:
        raise Http404
    run = services.request_document(
        document=Document(document),
        year=year,
        user=request.user,
        at=timezone.now(),
        anew=bool(request.POST.get("anew")) and STAFF.allows(request.user),
        printer=bool(request.POST.get("printer")),
    )
    return redirect(run)


@access(MEMBER)
@require_POST
@of_recorded_year
def group_card(request: HttpRequest, year: int, group_id: int) -> HttpResponse:
    run = services.request_document(
        document=Document.GROUP_CARD,
        year=year,
        user=request.user,
        at=timezone.now(),
        about=get_object_or_404(LocalGroup, pk=group_id),
        printer=bool(request.POST.get("printer")),
    )
    return redirect(run)


@access(MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: HttpRequest, team_id: int, year: int) -> HttpResponse:
    """The Scan'équipe of a team on the screen; its PDF by POST, for paper or for a screen."""
    team, years = _team_of(request, team_id, year)
    if request.method == "POST":
        asked = request.POST.get("document", "")
        run = services.request_document(
            document=Document(asked) if asked in SCANS else Document.SCAN,
            year=year,
            user=request.user,
            at=timezone.now(),
            about=team,
            anew=bool(request.POST.get("anew")) and STAFF.allows(request.user),
            printer=bool(request.POST.get("printer")),
        )
        return redirect(run)
    context = {
        "team": team,
        "sheet": _sheet(team, year),
        "years": years,
        "may_lay_out": teams_kept(request.user, today()).filter(pk=team.pk).exists(),
        "kept": next(iter(kept_forms(team, year).values()), None),
        "may_renew": STAFF.allows(request.user),
    }
    return render(request, "reports/scan.html", context)


@access(MEMBER)
@require_safe
def scan_picture(request: HttpRequest, team_id: int, year: int) -> HttpResponse:
    """The wide picture: drawn in a moment, so there is nothing to wait for."""
    team, _ = _team_of(request, team_id, year)
    drawn = picture(_sheet(team, year))
    response = HttpResponse(drawn, content_type="image/svg+xml")
    name = f"scan-equipe-{year}-{slugify(team.name)[:80]}.svg"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["Cache-Control"] = "private, no-store"
    return response


@access(MEMBER)
@require_safe
def declaration(request: HttpRequest, team_id: int, year: int) -> HttpResponse:
    """The draft of the team's declaration for its agreement, to be copied."""
    team, years = _team_of(request, team_id, year)
    context = {"team": team, "years": years, "declaration": _declaration(team, year)}
    return render(request, "reports/declaration.html", context)


@access(MEMBER)
@require_safe
def declaration_text(request: HttpRequest, team_id: int, year: int) -> HttpResponse:
    team, _ = _team_of(request, team_id, year)
    # Word processors of Windows tell UTF-8 by its mark, and lines by their two characters.
    text = "\ufeff" + _declaration(team, year).text.replace("\n", "\r\n")
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = f"declaration-aci-{year}-{slugify(team.name)[:80]}.txt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _declaration(team: Team, year: int) -> Declaration:
    return reading.team_declaration(team, year, reference_day(year))


def _team_of(request: HttpRequest, team_id: int, year: int) -> tuple[Team, list[int]]:
    """With the years that it has a page for."""
    team = get_object_or_404(scan_teams(request.user), pk=team_id)
    years = screen.scan_years(team)
    if year not in years:
        raise Http404
    return team, years


def _sheet(team: Team, year: int) -> TeamSheet:
    as_of = reference_day(year)
    return reading.team_sheet(team, year, as_of, reading.region(year, as_of))


@access(REPORTS)
@require_safe
@of_recorded_year
def missing(request: HttpRequest, year: int) -> HttpResponse:
    """What the draft lacks, while there is time to mend it."""
    found = gaps.missing(year, user=request.user)
    context = {"year": year, "missing": found, "as_of": reference_day(year)}
    return render(request, "reports/missing.html", context)


def my_documents_block(request: HttpRequest, on: date) -> Answer:
    """The last documents that one asked for, and the Scan'équipe of one's teams."""
    if not MEMBER.allows(request.user):
        return None
    runs = Run.objects.asked_by(request.user).visible_to(request.user).order_by("-asked_at", "-pk")
    scans = _own_scans(request.user)
    context = {"runs": list(runs[:4]), "scans": scans}
    return ("reports/blocks/my_documents.html", context) if scans or context["runs"] else None


def _own_scans(user: User) -> list[Scan]:
    """The last form that each of one's teams sent."""
    if REPORTS.allows(user):
        return []
    sent = Scan.objects.sent().filter(team__in=scan_teams(user)).select_related("team", "form")
    return list(
        sent.order_by("team__sort_name", "team_id", "-form__year").distinct(
            "team__sort_name", "team_id"
        )
    )


def runs_of_year(year: int, user: User) -> QuerySet[Run]:
    """The board's documents of a year, with those who asked for them."""
    asked = RunRequest.objects.select_related("user__person").order_by("requested_at", "pk")
    runs = Run.objects.visible_to(user).filter(kind__in=BOARD_DOCUMENTS, params__year=year)
    return runs.prefetch_related(Prefetch("requests", asked)).latest_first()[:SHOWN]
