from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from apmsl.lib.counting import is_first_look
from members.models import User
from network.models import Article


def count_article(*, article: Article, user: User | AnonymousUser, on: date) -> None:
    if is_first_look(f"article:{article.pk}", user, on):
        Article.objects.filter(pk=article.pk).update(views=F("views") + 1)
