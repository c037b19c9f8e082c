import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.template import Context, Template, loader
from django.test import RequestFactory
from django.urls import reverse

from apmsl.lib import navigation
from apmsl.lib.access import PUBLIC, SIGNED_IN, Rule
from apmsl.lib.templatetags import french
from apmsl.lib.views import components
from tests import roles

TEMPLATES = settings.BASE_DIR / "templates"
# Mails and documents are not served under the policy: their styles are their own.
PAGES = [
    path
    for path in sorted(TEMPLATES.rglob("*.html"))
    if not {"mails", "pdf", "email"} & set(path.relative_to(TEMPLATES).parts)
]
NOBODY = Rule("nobody", lambda user: False)


def draw(source: str, **context) -> str:
    return Template(source).render(Context(context))


def words(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html).replace("\u202f", " ").replace("\xa0", " ")
    return re.sub(r"\s+", " ", text).strip()


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in names]

    @property
    def ids(self) -> list[str | None]:
        return [attributes["id"] for _, attributes in self.found if "id" in attributes]


def assert_the_policy_lets_it_live(html: str) -> None:
    tags = Tags(html)
    scripts = [tag for tag in tags.of("script") if tag.get("type") != "application/json"]
    assert all(tag.get("src") for tag in scripts)
    assert tags.of("style") == []
    for tag, attributes in tags.found:
        wrong = [name for name in attributes if name == "style" or name.startswith(("on", "hx-on"))]
        assert (tag, wrong) == (tag, [])


# -- what no template may hold ---------------------------------------------------------------------
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_needs_nothing_inline(path: Path):
    source = re.sub(r"{% comment.*?endcomment %}|{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    inline = re.findall(r"""\sstyle=|\son[a-z]+=["']|hx-on|["']js:|<style""", source)
    scripts = re.findall(r"<script(?![^>]*(?:src=|application/(?:ld\+)?json))", source)

    assert inline + scripts == []


# -- the gallery -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_gallery_shows_every_component(client, settings):
    settings.DEBUG = True  # nothing is remembered from an earlier page
    client.force_login(roles.staff())

    response = client.get(reverse("components"))

    drawn = {template.name for template in response.templates}
    inside = {"components/gallery.html", "components/messages.html"}
    every = {f"components/{path.name}" for path in (TEMPLATES / "components").glob("*.html")}
    assert response.status_code == 200
    assert every - inside - drawn == set()
    assert_the_policy_lets_it_live(response.content.decode())


@pytest.mark.django_db
def test_the_gallery_repeats_no_id_and_leads_nowhere_wrong(client):
    client.force_login(roles.staff())

    tags = Tags(client.get(reverse("components")).content.decode())

    anchors = {link["href"][1:] for link in tags.of("a") if (link["href"] or "")[:1] == "#"}
    assert len(tags.ids) == len(set(tags.ids))
    assert anchors - {""} - set(tags.ids) == set()


@pytest.mark.django_db
def test_the_gallery_is_closed_to_members(rf):
    request = rf.get("/composants/")
    request.user = roles.member()

    with pytest.raises(Http404):
        components(request)


# -- filters ---------------------------------------------------------------------------------------
def test_filters_write_french():
    source = (
        "{{ n|number }} · {{ n|plural:'réunion' }} · {{ one|agree:'place libre,places libres' }}"
        " · {{ cents|euros }} · {{ rate|percent }} · {{ nothing|number }}"
    )

    text = words(draw(source, n=2382, one=1, cents=123450, rate=19, nothing=None))

    assert text == "2 382 · 2 382 réunions · place libre · 1 234,50 € · 19 % · –"


def test_hours_are_those_of_paris():
    noon = datetime(2023, 6, 15, 22, 30, tzinfo=UTC)

    assert words(draw("{{ at|moment }}", at=noon)) == "16 juin 2023 à 0 h 30"
    assert words(draw("{{ at|day }}{{ none|day }}", at=noon, none=None)) == "16 juin 2023"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Marie-Anne Le Goff", "MG"), ("Karim Benali", "KB"), ("marie@exemple.fr", "M"), ("", "")],
)
def test_initials_are_those_of_both_ends(name, letters):
    assert french.initials(name) == letters


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/120 Safari/537 Edg/120", "Edge sur Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Firefox/120.0", "Firefox sur Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Safari/604", "Safari sur iPhone"),
        ("curl/8", "Navigateur inconnu"),
    ],
)  # fmt: skip
def test_a_device_is_named_for_people(agent, device):
    assert french.device(agent) == device


def test_a_status_has_its_tone_whatever_its_case():
    assert [french.tone(s) for s in ("confirmed", "WAITING", "refused", "whatever")] == [
        "success",
        "warning",
        "danger",
        "neutral",
    ]


# -- pieces ----------------------------------------------------------------------------------------
def test_a_tile_leads_to_what_it_counts():
    html = draw("{% tile 2382 'professionnels' href='/liste/' note='en 2023' %}")

    assert Tags(html).of("a") == [{"href": "/liste/"}]
    assert words(html) == "professionnels 2 382 en 2023"


def test_a_bar_is_drawn_from_its_figure():
    html = draw("{% stat_bar 'Ergothérapeutes' 12.5 50 %}")

    assert Tags(html).of("rect") == [{"width": "25.00", "height": "10"}]
    assert words(html) == "Ergothérapeutes 12,5"


@pytest.mark.parametrize(("value", "maximum", "width"), [(5, 0, "0.00"), (9, 3, "100.00")])
def test_a_bar_stays_in_its_frame(value, maximum, width):
    html = draw("{% stat_bar 'x' value maximum %}", value=value, maximum=maximum)

    assert Tags(html).of("rect")[0]["width"] == width


def test_progress_speaks_to_machines_in_their_own_numbers():
    tag = Tags(draw("{% progress 1200 2400 label='Lignes' %}")).of("progress")[0]

    assert (tag["value"], tag["max"], tag["aria-label"]) == ("1200", "2400", "Lignes")


def test_what_a_component_is_given_is_escaped():
    html = draw("{% card name %}{{ name }}{% endcard %}{% tile 1 name %}", name="<b>x</b>")

    assert Tags(html).of("b") == []


def test_a_fact_without_value_is_left_out():
    html = draw("{% fact 'Téléphone' '' %}{% fact 'Site' none %}{% fact 'Places' 0 %}", none=None)

    assert words(html) == "Places 0"


def test_a_date_block_says_its_whole_period():
    html = draw("{% date_block a b %}", a=date(2023, 6, 15), b=date(2023, 6, 16))

    assert "du 15 au 16 juin 2023" in words(html)
    assert Tags(html).of("time")[0]["datetime"] == "2023-06-15"


def test_a_block_can_be_drawn_again():
    html = loader.get_template("404.html").render({"federation_name": "F"})

    assert [words(h) for h in re.findall(r"<h1>(.*?)</h1>", html, re.DOTALL)] == [
        "Page introuvable"
    ]
    assert "<title>Page introuvable – F</title>" in html


def test_the_breadcrumb_starts_at_home_and_ends_on_the_page():
    html = draw("{% breadcrumb 'Équipes' '/equipes/' 'MSP du Lac' %}")

    assert [a["href"] for a in Tags(html).of("a")] == ["/", "/equipes/"]
    assert words(html) == "Accueil Équipes MSP du Lac"


def test_pages_keep_the_filters():
    page = Paginator(range(100), 10).page(2)
    request = RequestFactory().get("/", {"q": "lac", "page": "2"})

    html = Template("{% pagination page %}").render(Context({"page": page, "request": request}))

    assert {a["href"].split("&")[0] for a in Tags(html).of("a")} == {"?q=lac"}
    assert [a.get("aria-current") for a in Tags(html).of("a")].count("page") == 1


def test_a_single_page_has_no_pager():
    page = Paginator(range(5), 10).page(1)

    assert draw("{% pagination page %}", page=page).strip() == ""


def test_results_offer_no_export_of_nothing():
    source = "{% results n 'équipe' export='?export=xlsx' %}…{% endresults %}"

    assert "0 équipe …" in words(draw(source, n=0))
    assert Tags(draw(source, n=0)).of("a") == []
    assert Tags(draw(source, n=2)).of("a")[0]["href"] == "?export=xlsx"


# -- forms -----------------------------------------------------------------------------------------
class Registration(forms.Form):
    email = forms.EmailField(label="Adresse e-mail", help_text="Pour la convocation.")
    meal = forms.ChoiceField(
        label="Déjeuner", choices=[("y", "Oui"), ("n", "Non")], widget=forms.RadioSelect
    )
    comment = forms.CharField(label="Précisions", required=False)
    agreed = forms.BooleanField(label="J’ai lu la charte")
    token = forms.CharField(widget=forms.HiddenInput)


def test_a_field_is_described_by_its_help_and_its_error():
    tags = Tags(str(Registration({"email": "marie"})))

    field = next(tag for tag in tags.of("input") if tag["name"] == "email")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "id_email_helptext id_email_error"
    assert {"id_email_helptext", "id_email_error"} <= set(tags.ids)


def test_the_summary_of_errors_leads_to_each_field():
    html = str(Registration({"email": "marie"}))
    tags = Tags(html)

    targets = [link["href"][1:] for link in tags.of("a")]
    assert targets == ["id_email", "id_meal_0", "id_agreed"]
    assert set(targets) <= set(tags.ids)
    assert "Plusieurs réponses sont à corriger" in words(html)


def test_a_hidden_field_tells_its_error_too():
    form = Registration({"email": "a@b.fr", "meal": "y", "agreed": "on"})

    assert "(champ masqué token)" in words(str(form)).lower()


def test_only_what_may_be_left_out_is_marked():
    assert words(str(Registration())).count("(facultatif)") == 1
    assert "alert" not in str(Registration())


def test_a_group_of_choices_is_one_question():
    tags = Tags(str(Registration()))

    assert len(tags.of("fieldset")) == len(tags.of("legend")) == 1


def test_every_input_has_its_label():
    tags = Tags(str(Registration()))

    labelled = {label.get("for") for label in tags.of("label")}
    shown = [tag for tag in tags.of("input") if tag["type"] != "hidden"]
    assert {tag["id"] for tag in shown} <= labelled


class Search(forms.Form):
    q = forms.CharField(label="Nom", required=False)
    stage = forms.MultipleChoiceField(
        label="Étape", required=False, choices=[("a", "A"), ("b", "B")]
    )


def bar(query: dict[str, str]) -> str:
    request = RequestFactory().get("/equipes/", query)
    context = Context({"request": request, "form": Search(request.GET)})
    return Template("{% filter_bar form %}").render(context)


def test_the_filter_bar_counts_what_filters():
    assert "Filtrer 1" in words(bar({"q": "", "stage": "b", "page": "3"}))
    assert "Effacer" not in words(bar({"q": ""}))


def test_the_filter_bar_opens_on_what_is_to_be_corrected():
    """On a telephone it is folded: the list would be whole without a word of why."""
    assert "open" in Tags(bar({"stage": "zzz"})).of("details")[0]
    assert "open" not in Tags(bar({"stage": "a"})).of("details")[0]


def test_the_filter_bar_works_without_javascript():
    tags = Tags(bar({"q": "lac"}))

    form = tags.of("form")[0]
    assert (form["method"], form["action"]) == ("get", "/equipes/")
    assert [b["type"] for b in tags.of("button")] == ["submit"]
    assert [a["href"] for a in tags.of("a")] == ["/equipes/"]


# -- navigation ------------------------------------------------------------------------------------
@pytest.fixture
def entries(monkeypatch):
    monkeypatch.setattr(navigation, "_entries", {})
    register = navigation.register
    register(label="Sécurité", url_name="mfa_index", rule=SIGNED_IN, group=navigation.NETWORK)
    register(
        label="Clés",
        url_name="mfa_list_webauthn",
        rule=SIGNED_IN,
        group=navigation.NETWORK,
        order=1,
    )
    register(label="Entrer", url_name="account_login", rule=PUBLIC)
    register(label="Secret", url_name="account_email", rule=NOBODY, group=navigation.AGENDA)
    register(label="Inscription", url_name="account_signup", rule=PUBLIC, group=navigation.FOOTER)
    register(label="Moi", url_name="account_logout", rule=SIGNED_IN, group=navigation.ACCOUNT)


class Someone:
    is_authenticated = True


class Nobody:
    is_authenticated = False


@pytest.mark.usefixtures("entries")
def test_the_bar_shows_what_the_rules_allow():
    signed_in = navigation.Navigation(Someone(), "/")
    visitor = navigation.Navigation(Nobody(), "/")

    shown = [(group.label, [item.label for item in group.items]) for group in signed_in.groups]
    assert shown == [("Entrer", ["Entrer"]), ("Réseau", ["Clés", "Sécurité"])]
    assert [group.label for group in visitor.groups] == ["Entrer"]
    assert [item.label for item in visitor.footer] == ["Inscription"]
    assert [item.label for item in visitor.account] == []
    assert [item.label for item in signed_in.account] == ["Moi"]


@pytest.mark.usefixtures("entries")
def test_the_current_entry_is_the_closest_above_the_page():
    def current(path: str) -> list[str]:
        groups = navigation.Navigation(Someone(), path).groups
        return [item.label for group in groups for item in group.items if item.current]

    assert current(reverse("mfa_list_webauthn") + "3/") == ["Clés"]
    assert current(reverse("mfa_index") + "codes/") == ["Sécurité"]
    assert current("/ailleurs/") == []


@pytest.mark.usefixtures("entries")
def test_a_menu_of_one_entry_is_that_entry():
    groups = navigation.Navigation(Someone(), "/").groups

    assert [group.single is not None for group in groups] == [True, False]


# -- pages of every day ----------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "500", "503"])
def test_an_error_page_needs_nothing(code):
    html = loader.get_template(f"{code}.html").template.render(Context())

    tags = Tags(html)
    files = [tag["href"] for tag in tags.of("link")]
    assert_the_policy_lets_it_live(html)
    assert files == ["/static/img/mark.svg", "/static/css/error.css"]
    assert all((settings.BASE_DIR / file[1:]).is_file() for file in files)
    assert html.count("<h1>") == 1


ENTRANCE = [
    "account_login", "account_request_login_code", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key_done", "account_signup",
    "account_inactive",
]  # fmt: skip
ACCOUNT = [
    "account_email", "account_change_password", "account_logout", "mfa_index",
    "mfa_list_webauthn", "usersessions_list", "account_reauthenticate",
]  # fmt: skip
ENGLISH = re.compile(r"\b(Sign|Your|Password|Email|Code:|Please|the|Add|Key|Confirm|Name)\b")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ENTRANCE)
def test_a_visitor_finds_the_sign_in_pages_in_our_look(client, name):
    response = client.get(reverse(name))

    html = response.content.decode()
    assert response.status_code == 200
    assert "layouts/base.html" in {template.name for template in response.templates}
    assert_the_policy_lets_it_live(html)
    assert ENGLISH.findall(words(html)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACCOUNT)
def test_a_member_finds_the_account_pages_in_our_look(client, name):
    user = roles.member()
    user.set_password("une-longue-phrase")
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    client.force_login(user)

    response = client.get(reverse(name), follow=True)

    html = response.content.decode()
    assert response.status_code == 200
    assert "layouts/base.html" in {template.name for template in response.templates}
    assert_the_policy_lets_it_live(html)
    assert ENGLISH.findall(words(html)) == []


@pytest.mark.django_db
def test_a_demonstration_says_so_on_every_page(client, settings):
    settings.PORTAL_DATE = date(2023, 12, 12)
    shown = words(client.get(reverse("account_login")).content.decode())
    settings.PORTAL_DATE = None
    hidden = words(client.get(reverse("account_login")).content.decode())

    assert "Données de démonstration au 12 décembre 2023" in shown
    assert "démonstration" not in hidden


@pytest.mark.django_db
def test_the_first_link_skips_to_the_content(client):
    tags = Tags(client.get(reverse("account_login")).content.decode())

    assert tags.of("a")[0] == {"class": "skip", "href": "#main"}
    assert "main" in tags.ids


@pytest.mark.django_db
def test_htmx_evaluates_nothing_and_keeps_nothing(client):
    tags = Tags(client.get(reverse("account_login")).content.decode())

    config = next(tag["content"] for tag in tags.of("meta") if tag.get("name") == "htmx-config")
    assert json.loads(config or "") == {
        "allowEval": False,
        "allowScriptTags": False,
        "historyCacheSize": 0,
        "includeIndicatorStyles": False,
        "refreshOnHistoryMiss": True,
        "selfRequestsOnly": True,
    }
