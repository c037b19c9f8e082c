"""Who may open a view: the rule stands above it, guards it, and is read by the tests.

Anonymous visitors are sent to sign in by ``LoginRequiredMiddleware``; a signed-in person whom the
rule refuses gets a 404, as for an address that does not exist (docs/adr/0003).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Rule:
    """A named condition on the user, combined with ``|`` and ``&``."""

    name: str
    allows: Callable[[Any], bool]

    def __or__(self, other: "Rule") -> "Rule":
        return Rule(f"{self.name} | {other.name}", lambda u: self.allows(u) or other.allows(u))

    def __and__(self, other: "Rule") -> "Rule":
        return Rule(f"{self.name} & {other.name}", lambda u: self.allows(u) and other.allows(u))


PUBLIC = Rule("public", lambda user: True)
SIGNED_IN = Rule("signed in", lambda user: user.is_authenticated)


def access(rule: Rule) -> Callable[[View], View]:
    """Guard a view with ``rule`` and leave the rule on the view as ``view.access``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not rule.allows(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.access = rule  # type: ignore[attr-defined]  # read by tests/test_access.py
        return login_not_required(guarded) if rule is PUBLIC else guarded

    return decorate
