import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from tests import roles
from tests.toolbox.factories import LoanFactory
from toolbox.enums import LoanStatus
from toolbox.models import Tool

pytestmark = pytest.mark.django_db


def act(client, action, loans):
    data = {"action": action, "_selected_action": [loan.pk for loan in loans]}
    response = client.post(reverse("admin:toolbox_loan_changelist"), data, follow=True)
    for loan in loans:
        loan.refresh_from_db()
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def staff(client):
    client.force_login(roles.staff())
    return client


def test_the_staff_grants_what_is_free_and_is_told_what_is_not(staff):
    first = LoanFactory()
    second = LoanFactory(equipment=first.equipment)

    told = act(staff, "approve", [first, second])

    assert (first.status, first.copy) == (LoanStatus.APPROVED, 1)
    assert second.status == LoanStatus.REQUESTED
    assert told[-1] == "1\u00a0prêt modifié."
    assert any("Aucun exemplaire n’est libre à ces dates" in message for message in told)


def test_the_staff_refuses_a_request(staff):
    loan = LoanFactory()

    act(staff, "refuse", [loan])

    assert loan.status == LoanStatus.REFUSED


def test_a_return_frees_the_copy(staff):
    loan = LoanFactory(approved=True)

    act(staff, "mark_returned", [loan])

    assert loan.status == LoanStatus.RETURNED
    assert loan.returned_on is not None


def test_a_page_that_poses_as_a_pdf_is_refused_beside_its_field(staff):
    page = ContentFile(b"<html><script>alert(1)</script></html>", name="guide.pdf")
    filled = {"title": "Guide", "kind": "guide", "published_on": "2023-01-01"}
    inlines = {"months-TOTAL_FORMS": 0, "months-INITIAL_FORMS": 0}

    response = staff.post(
        reverse("admin:toolbox_tool_add"), filled | inlines | {"audiences": "members", "file": page}
    )

    assert response.status_code == 200
    assert "n’en a pas le contenu" in str(response.context["adminform"].form.errors["file"])
    assert not Tool.objects.exists()
