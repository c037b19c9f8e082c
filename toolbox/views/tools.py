from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request, render_part
from apmsl.lib.storage import attachment
from toolbox.filters import ToolFilter
from toolbox.models import Tool
from toolbox.services.counting import count_tool


@access(PUBLIC)
@require_safe
def tools(request: Request) -> HttpResponse:
    seen = Tool.objects.visible_to(request.user).with_views().select_related("theme")
    found = ToolFilter(request.GET, queryset=seen.order_by("-published_on", "pk"))
    page = Paginator(found.qs, 25).get_page(request.GET.get("page"))
    return render_part(request, "toolbox/tools.html", "results", {"filter": found, "page": page})


@access(PUBLIC)
@require_safe
def tool(request: HttpRequest, tool_id: int) -> HttpResponse:
    tool = _seen(request, tool_id)
    count_tool(tool=tool, user=request.user, on=today())
    alike = Tool.objects.visible_to(request.user).filter(theme=tool.theme).exclude(pk=tool.pk)
    context = {"tool": tool, "alike": alike.order_by("-published_on", "pk")[:5]}
    return render(request, "toolbox/tool.html", context)


@access(PUBLIC)
@require_safe
def download(request: HttpRequest, tool_id: int) -> HttpResponseBase:
    tool = _seen(request, tool_id)
    if not tool.file:
        raise Http404
    count_tool(tool=tool, user=request.user, on=today())
    return attachment(tool.file, tool.filename)


def _seen(request: HttpRequest, tool_id: int) -> Tool:
    seen = Tool.objects.visible_to(request.user).with_views().select_related("theme")
    return get_object_or_404(seen, pk=tool_id)
