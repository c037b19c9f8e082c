"""What every template, model and page keeps to."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.template.loader import get_template
from django.urls import Resolver404, resolve

from tests import roles
from tests.test_access import OURS, OWN, Visitor, path_of

HOME = Path(__file__).parents[1]
TEMPLATES = HOME / "templates"
OUR_APPS = {"lib", "mail", "jobs", "members", "toolbox", "events", "network", "training", "reports"}
SOURCES = [
    HOME / folder
    for folder in ("apmsl", "members", "toolbox", "events", "network", "training", "reports")
]


def names(*endings: str) -> list[str]:
    files = (file for file in TEMPLATES.rglob("*") if file.suffix in endings)
    return sorted(str(file.relative_to(TEMPLATES)) for file in files)


ALL_TEMPLATES = names(".html", ".txt", ".svg")
# Mails and PDF have their own style sheets inside; the admin's theme has a policy of its own.
PAGES = [name for name in names(".html") if not re.search(r"(^|/)(pdf|mails|email|admin)/", name)]


# -- templates -------------------------------------------------------------------------------------
def test_every_template_loads():
    for name in ALL_TEMPLATES:
        get_template(name)


def test_no_template_is_left_unused():
    """Named somewhere in the code or in another template, or taking the place of a library's."""
    files = [file for folder in SOURCES for file in folder.rglob("*.py")]
    texts = {file: file.read_text() for file in files}
    texts |= {TEMPLATES / name: (TEMPLATES / name).read_text() for name in ALL_TEMPLATES}
    unused = [name for name in ALL_TEMPLATES if not _is_used(name, texts)]

    assert unused == []


def _is_used(name: str, texts: dict[Path, str]) -> bool:
    stem = name.rpartition(".")[0]
    parts = {name, stem, Path(stem).name} if name.startswith("components/") else {name, stem}
    quoted = [f'"{part}"' for part in parts] + [f'"{part}#' for part in parts]
    others = (text for file, text in texts.items() if file != TEMPLATES / name)
    if re.fullmatch(r"\d{3}(_csrf)?\.html", name) or _takes_the_place_of_another(name):
        return True
    if name.startswith("components/"):  # a tag is drawn by the template of its name
        quoted.append(f"def {Path(stem).name}(")
    if "/mails/" in name:  # f"events/mails/{change}"
        quoted.append(f'"{Path(stem).name}"')
    return any(mention in text for text in others for mention in quoted)


def _takes_the_place_of_another(name: str) -> bool:
    folders = (Path(config.path) / "templates" for config in apps.get_app_configs())
    return any((folder / name).exists() for folder in folders) or name.startswith("account/email/")


INLINE = {
    "a style of its own": r"<style|\sstyle\s*=",
    "a script of its own": r"<script(?![^>]*\ssrc=)(?![^>]*application/(?:ld\+)?json)",
    "an event handler": r"\son[a-z]+\s*=\s*[\"']",
    "htmx evaluating code": r"hx-on|hx-vals\s*=\s*[\"']js:",
    "a script as address": r"javascript:",
}


@pytest.mark.parametrize("fault", INLINE)
def test_pages_hold_nothing_that_the_content_policy_refuses(fault):
    guilty = [name for name in PAGES if re.search(INLINE[fault], (TEMPLATES / name).read_text())]

    assert guilty == []


# -- models ----------------------------------------------------------------------------------------
PROPER_NOUNS = ("Scan", "Région")


def _begins_lower(label: str) -> bool:
    first = label.split()[0]
    return first[0].islower() or first[:2].isupper() or first.startswith(PROPER_NOUNS)


def test_names_of_models_and_fields_begin_in_lower_case():
    capitalised = []
    for model in apps.get_models():
        if model._meta.app_label not in OUR_APPS:
            continue
        labels = [model._meta.verbose_name, model._meta.verbose_name_plural]
        labels += [field.verbose_name for field in model._meta.fields]
        capitalised += [
            f"{model.__name__}: {label}" for label in labels if not _begins_lower(str(label))
        ]

    assert capitalised == []


def test_every_constraint_is_named_after_its_model_and_speaks_french():
    faults = []
    for model in apps.get_models():
        if model._meta.app_label not in OUR_APPS:
            continue
        for constraint in model._meta.constraints:
            said = constraint.violation_error_message
            if not constraint.name.startswith(f"{model._meta.model_name}_"):
                faults.append(f"{constraint.name}: named after another model")
            if said == constraint.default_violation_error_message:
                faults.append(f"{constraint.name}: says nothing")

    assert faults == []


def test_no_model_orders_by_itself():
    ordered = [
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS and model._meta.ordering
    ]

    assert ordered == []


# -- pages -----------------------------------------------------------------------------------------
class Reading(HTMLParser):
    """What a page says and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self._silent += tag in {"script", "style"}

    def handle_endtag(self, tag):
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self._silent:
            self.text.append(data)

    def count(self, tag: str) -> int:
        return sum(1 for name, _ in self.tags if name == tag)

    def values(self, attribute: str) -> list[str]:
        return [str(given[attribute]) for _, given in self.tags if given.get(attribute)]


NOT_OURS = "oublié ?"  # django-allauth's own words


def faults_of(page: str) -> list[str]:
    reading = Reading(page)
    text = " ".join(reading.text)
    faults = [f"« {left} » is left" for left in ("{{", "{%", "None", "&lt;") if left in text]
    breakable = set(re.findall(r"\w+ [;?!:»](?!\w)", text)) - {NOT_OURS}
    faults += [f"a breakable space in « {near} »" for near in sorted(breakable)]
    if reading.count("h1") != 1:
        faults.append(f"{reading.count('h1')} headings h1")
    ids = reading.values("id")
    faults += [f"id « {one} » twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    faults += [f"« {path} » leads nowhere" for path in _paths(reading) if not _exists(path)]
    return faults


def _paths(reading: Reading) -> set[str]:
    found = reading.values("href") + reading.values("action") + reading.values("hx-get")
    return {path.partition("?")[0].partition("#")[0] for path in found if path.startswith("/")}


def _exists(path: str) -> bool:
    if path.startswith("/static/"):
        return True
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def faulty_headers(response, signed_in: bool) -> list[str]:
    faults = [name for name, value in HEADERS.items() if response.headers.get(name) != value]
    policy = response.headers.get("Content-Security-Policy", "")
    framed = "frame-ancestors" not in policy and "sandbox" not in policy  # the second: a file
    if "unsafe" in policy or "default-src 'none'" not in policy or framed:
        faults.append(f"Content-Security-Policy {policy}")
    if signed_in and "no-store" not in response.headers.get("Cache-Control", ""):
        faults.append("kept in caches")
    return faults


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["anonymous", "coordinator", "director"])
def test_every_page_is_whole(role):
    """Nothing unrendered, unbreakable spaces where French wants them, one heading, links that lead
    somewhere, the headers that protect."""
    visitor = Visitor.of(role)
    faults = []
    for address in OURS:
        cache.clear()
        with transaction.atomic():
            response = visitor.client.get(path_of(address, visitor.user, OWN))
            content = b"".join(response) if response.streaming else response.content
            transaction.set_rollback(True)
        found = faulty_headers(response, visitor.user.is_authenticated)
        if response.status_code in {200, 404} and "html" in response.headers["Content-Type"]:
            found += faults_of(content.decode())
        faults += [f"{address.name}: {fault}" for fault in found]

    assert faults == []


@pytest.mark.django_db
def test_the_pages_of_errors_are_whole(client):
    client.force_login(roles.member())

    for name in ("400", "403", "403_csrf", "404", "429", "500", "503"):
        page = get_template(f"{name}.html").render(
            {"federation_name": "Fédération", "request": None}
        )
        assert faults_of(page) == [], name
