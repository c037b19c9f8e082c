"""Links that know somebody without letting them in: each says what it is for, and is signed."""

from enum import StrEnum

from django.core import signing

from events.models.registrations import Registration


class Link(StrEnum):
    """What a link opens: one made for a document opens no survey."""

    DOCUMENTS = "documents"
    CERTIFICATE = "attestation"
    SURVEY = "enquete"


def token(link: Link, registration_id: int) -> str:
    return _signer(link).sign_object(registration_id)


def registration_of(link: Link, token: str) -> Registration | None:
    """None when the link was altered, or leads to nothing any more."""
    try:
        pk = _signer(link).unsign_object(token)
    except signing.BadSignature:
        return None
    found = Registration.objects.filter(pk=pk, person__isnull=False)
    return found.select_related("event__kind", "person").first()


def _signer(link: Link) -> signing.Signer:
    return signing.Signer(salt=f"events.{link}")
