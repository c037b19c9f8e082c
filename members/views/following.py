"""The work lists of the staff, crossed with the départements and with who is in charge."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apmsl.lib import audiences
from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from members.access import STAFF
from members.enums import Department
from members.services import following


@access(STAFF)
@require_safe
def lists(request: Request) -> HttpResponse:
    on = today()
    staff = audiences.people("staff", on).order_by("sort_name", "pk")
    chosen = request.GET.get("chargee", "")
    officer = staff.filter(pk=int(chosen) if chosen.isdecimal() and len(chosen) < 16 else 0).first()
    context = {
        "officer": officer,
        "charges": following.charges(staff, on),
        "overdue": following.overdue(on, officer and officer.pk),
        "charged": following.charged(on, officer and officer.pk),
        "found": following.found(on),
        "departments": Department.labels,
    }
    return render(request, "members/following.html", context)
