"""How a team presents its Scan'équipe: what the page shows, its logo and its photo."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from apmsl.lib.access import access
from apmsl.lib.dates import today
from members.access import MEMBER, teams_kept
from reports.access import scan_teams
from reports.builders import reading, screen
from reports.forms import LayoutForm
from reports.services import layouts


@access(MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: HttpRequest, team_id: int, year: int) -> HttpResponse:
    """For those who speak for the team, and the staff."""
    own = scan_teams(request.user).filter(pk__in=teams_kept(request.user, today()).values("pk"))
    team = get_object_or_404(own, pk=team_id)
    if year not in screen.scan_years(team):
        raise Http404
    kept = layouts.layout_of(team, year)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = LayoutForm(data, files, layout=kept)
    if request.method == "POST" and form.is_valid():
        layouts.lay_out(
            team=team, year=year, shown=form.cleaned_data["shown"], pictures=form.pictures
        )
        messages.success(request, "La mise en page est enregistrée : la voici.")
        return redirect("reports:scan", team.pk, year)
    context = {"team": team, "year": year, "form": form}
    context |= {"logo": reading.source_of(kept.logo), "photo": reading.source_of(kept.photo)}
    return render(request, "reports/layout.html", context)
