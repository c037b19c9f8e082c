"""Pages of a year: one without records says so and leads to those that have some."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from apmsl.lib.dates import today
from members.access import STAFF
from reports.access import REPORTS
from reports.builders import screen

FIRST = 2000  # no record is older: see the constraints of the models

View = Callable[Concatenate[HttpRequest, int, ...], HttpResponseBase]


def of_recorded_year(view: View) -> Callable[..., HttpResponseBase]:
    """The view of a year that has records. Of another that could have some, a page that says where to
    go, and nothing is done; of a year out of sense, 404."""

    @wraps(view)
    def checked(request: HttpRequest, year: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        years = screen.recorded_years()
        if year in years:
            return view(request, year, *args, **kwargs)
        if not FIRST <= year <= today().year + 1:
            raise Http404
        # The group card is for members, who read no report.
        reads = REPORTS.allows(request.user)
        context = {"year": year, "years": years if reads else (), "reads": reads}
        context |= {"is_staff": STAFF.allows(request.user), "is_asked": request.method == "POST"}
        return render(request, "reports/unrecorded.html", context)

    return checked
