"""How django-allauth behaves here: accounts are invited, never opened by oneself."""

import base64
import hashlib
import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.encoding import force_bytes

from members.models import User

logger = logging.getLogger(__name__)


class PortalBackend(AuthenticationBackend):
    """The account and its person are read together: every page names who is signed in."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class InvitedOnlyAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """At once and outside the ledger, which the staff reads: these messages carry codes."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            logger.exception("sign-in mail not sent: %s", template_prefix)
            messages.error(
                self.request,
                "Notre serveur de messagerie ne répond pas : le message n’est pas parti. "
                "Réessayez dans quelques minutes.",
            )


class SealedFactorsAdapter(DefaultMFAAdapter):
    """Secrets of second factors are sealed: a copy of the database alone opens no account."""

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()


def _seal() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factors:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def end_other_sessions(request: HttpRequest, user: User, **_signal: Any) -> None:
    """A second factor was added: what was opened without it elsewhere is closed."""
    others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    for session in others:
        session.end()
