"""The demonstration: loaded once, an account per role that may do what its role may."""

import json
import stat
from datetime import date

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from apmsl.demo import expected
from apmsl.demo.texts import TEXTS
from apmsl.lib import audiences
from members.enums import Situation
from members.models import Membership, Team, User
from members.services.progress import with_situation
from reports import indicators
from reports.enums import Chapter
from reports.models import ReportText
from tests.members.factories import TeamFactory

pytestmark = pytest.mark.django_db

DAY = date(2023, 12, 12)
KEYS = {
    "member": "members",
    "coordinator": "coordinators",
    "leader": "leaders",
    "board": "board",
    "staff": "staff",
    "director": "director",
}


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO, settings.PORTAL_DATE = tmp_path / "demo", DAY
    audiences._statement.cache_clear()
    return settings.DEMO


def accounts(demo):
    return json.loads((demo / "accounts.json").read_text())


def test_the_demonstration_is_loaded_once_and_each_account_has_its_role(demo):
    call_command("demo")
    written = accounts(demo)
    teams = Team.objects.count()

    call_command("demo")

    assert (accounts(demo), Team.objects.count()) == (written, teams)
    assert teams > 80
    assert [account["role"] for account in written] == list(KEYS)
    for account in written:
        _check(account)
    assert stat.S_IMODE((demo / "accounts.json").stat().st_mode) == 0o600
    assert ReportText.objects.filter(year=2023, chapter__in=Chapter).count() == len(TEXTS)


def _check(account):
    user = User.objects.get(email=account["email"])
    assert user.check_password(account["password"])
    assert KEYS[account["role"]] in user.audiences
    powers = user.audiences & {"board", "staff", "director"}
    if account["role"] in {"member", "coordinator", "leader"}:
        assert (powers, account["totp_secret"]) == (set(), None)
        return
    factor = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert get_adapter().decrypt(factor.data["secret"]) == account["totp_secret"]


def test_a_portal_with_its_own_records_gets_no_demonstration(demo):
    TeamFactory()

    with pytest.raises(CommandError, match="déjà ses données"):
        call_command("demo")

    assert not User.objects.exists()


def test_production_has_no_demonstration(settings):
    if hasattr(settings, "DEMO"):
        del settings.DEMO

    with pytest.raises(CommandError, match="pas de démonstration"):
        call_command("demo")


def test_the_campaign_of_the_next_year_shows_every_situation_and_leaves_the_figures_alone(demo):
    call_command("demo")

    files = with_situation(Membership.objects.filter(year=2024), DAY)
    found = set(files.values_list("situation", flat=True))
    assert found == set(Situation) - {
        Situation.LATE,
        Situation.PROMISED,
        Situation.PARTLY_PAID,
        Situation.CANCELLED,
    }
    reference = expected.indicators(demo / "dataset")
    assert indicators.compute(2023) == reference
