"""Every page that a role can open: axe, the ruler at 320 px, the skip link, the console."""

from collections.abc import Container, Iterator

from playwright.sync_api import Page

from tests.browser import addresses, audit
from tests.browser.portal import Portal

# Fewer would mean that the sweep has missed its pages. Leaders see what coordinators see, and the
# director what the staff sees.
FEWEST = {"anonymous": 20, "member": 45, "coordinator": 50, "board": 60, "staff": 60}


def test_every_page_of_every_role_is_accessible(portal: Portal):
    """axe runs once per page layout: two pages made of the same elements are one to it."""
    problems: dict[str, list[str]] = {}
    opened: dict[str, set[str]] = {}
    seen: set[str] = set()
    for role in FEWEST:
        with portal.visit() as page:
            count = 0
            for address in _pages_of(portal, page, role):
                count += 1
                opened.setdefault(address.name, set()).add(role)
                if found := audit.page_problems(page, seen):
                    problems[f"{role} {address.name} {address.path}"] = found
        print(f"{role}: {count} pages")
        assert count >= FEWEST[role]
    print(f"{len(seen)} layouts")
    assert problems == {}
    never_opened = set(addresses.names()) - set(opened)
    assert never_opened == set(addresses.NOT_PAGES)


def test_what_is_wrong_in_a_form_is_said_accessibly(portal: Portal):
    """The first form of each page, sent empty."""
    problems: dict[str, list[str]] = {}
    opened = {"components"}  # its forms lead nowhere
    refused: list[str] = []
    for role in ("anonymous", "coordinator", "staff"):
        with portal.visit() as page:
            for address in _pages_of(portal, page, role, besides=opened):
                opened.add(address.name)
                if _send_empty(page):
                    refused.append(address.name)
                    if found := audit.page_problems(page, set()):
                        problems[f"{role} {address.name} {address.path}"] = found
    print(f"{len(refused)} forms: {', '.join(refused)}")
    assert problems == {}
    assert len(refused) >= 8


def _pages_of(
    portal: Portal, page: Page, role: str, *, besides: Container[str] = ()
) -> Iterator[addresses.Address]:
    """Opens one after the other; what is sensitive first, while the password was just given."""
    user = None
    if role != "anonymous":
        account = portal.sign_in(page, role)
        portal.confirm(page, account)
        user = account.user
    found = addresses.all_for(user)
    for address in sorted(found, key=lambda address: not address.path.startswith("/compte/")):
        if address.name not in besides and _open(page, address.path):
            yield address


def _open(page: Page, path: str) -> bool:
    """False when the role has no such page. The server draws it once: the browser is given the
    answer that said so."""
    answer = page.request.get(path, max_redirects=0)
    kind = answer.headers.get("content-type", "")
    if answer.status != 200 or not kind.startswith("text/html"):
        return False
    page.route(answer.url, lambda route: route.fulfill(response=answer), times=1)
    page.goto(path)
    return True


def _send_empty(page: Page) -> bool:
    """False where there is nothing to fill, or where empty is right."""
    form = page.locator("main form[method=post]:has(input:visible, textarea:visible)").first
    if form.count() == 0:
        return False
    for box in form.locator("input:visible, textarea:visible").all():
        kind = box.get_attribute("type")
        if kind == "checkbox":
            box.uncheck()
        elif kind not in ("radio", "file") and box.is_editable():
            box.fill("")
    form.evaluate(
        "form => { form.noValidate = true; form.requestSubmit(form.querySelector('[type=submit]')) }"
    )
    page.wait_for_load_state("networkidle")
    return page.locator("[aria-invalid=true], .error-summary").count() > 0
