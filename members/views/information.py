"""What the law asks every site to say."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access


@access(PUBLIC)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "members/privacy.html")


@access(PUBLIC)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "members/accessibility.html")


@access(PUBLIC)
@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "members/legal.html")
