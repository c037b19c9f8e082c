from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.blocks import Answer
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request, render_part
from network.filters import ArticleFilter, LetterFilter
from network.models import Article, Newsletter
from network.services import count_article


@access(PUBLIC)
@require_safe
def letters(request: Request) -> HttpResponse:
    seen = Newsletter.objects.visible_to(request.user).sent_by(today())
    found = LetterFilter(request.GET, queryset=seen.order_by("-sent_on", "-pk"))
    page = Paginator(found.qs, 25).get_page(request.GET.get("page"))
    return render_part(request, "network/letters.html", "results", {"filter": found, "page": page})


@access(PUBLIC)
@require_safe
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    seen = Newsletter.objects.visible_to(request.user).sent_by(today())
    return render(request, "network/letter.html", {"letter": get_object_or_404(seen, pk=letter_id)})


@access(PUBLIC)
@require_safe
def articles(request: Request) -> HttpResponse:
    published = Article.objects.published_by(today()).order_by("-published_on", "-pk")
    found = ArticleFilter(request.GET, queryset=published)
    page = Paginator(found.qs, 25).get_page(request.GET.get("page"))
    return render_part(request, "network/articles.html", "results", {"filter": found, "page": page})


@access(PUBLIC)
@require_safe
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.published_by(today()), pk=article_id)
    count_article(article=article, user=request.user, on=today())
    return render(request, "network/article.html", {"article": article})


def news_block(request: HttpRequest, on: date) -> Answer:
    """On the home page: the last letters and articles."""
    letters = Newsletter.objects.visible_to(request.user).sent_by(on).order_by("-sent_on", "-pk")
    articles = Article.objects.published_by(on).order_by("-published_on", "-pk")
    context = {"letters": letters[:3], "articles": articles[:3]}
    return "network/blocks/news.html", context
