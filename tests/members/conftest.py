import pytest

from members.models import CrmBridge
from members.services.crm import mapping
from tests.concurrency.conftest import crowd
from tests.members.crm import AT
from tests.members.fake_zoho import FakeZoho, served

__all__ = ["crowd"]


@pytest.fixture
def zoho(settings):
    """A CRM that answers, configured; the switch is off and no field is mapped."""
    with served(FakeZoho()) as fake:
        settings.ZOHO_ACCOUNTS_URL = fake.url
        settings.ZOHO_CLIENT_ID, settings.ZOHO_CLIENT_SECRET = "id", "secret"
        settings.ZOHO_REFRESH_TOKEN = "refresh"
        yield fake


@pytest.fixture
def linked(zoho, db):
    """The switch is on and the usual fields are mapped."""
    mapping.propose(at=AT)
    CrmBridge.objects.create(pk=1, is_on=True)
    return zoho
