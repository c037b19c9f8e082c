from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from apmsl.lib import audiences
from apmsl.lib.dates import today
from members.models.people import Person


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """An account lets a person in. What it may do is read from the person's links of the day."""

    email = models.EmailField("adresse électronique", unique=True)
    person = models.OneToOneField(
        Person,
        verbose_name="personne",
        on_delete=models.PROTECT,
        related_name="account",
        null=True,
        blank=True,
    )
    is_active = models.BooleanField("actif", default=True)
    invited_at = models.DateTimeField("invité le", default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "compte"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_whatever_the_case",
                violation_error_message="Un compte existe déjà avec cette adresse.",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return str(self.person) if self.person else self.email

    def audiences_on(self, on: date) -> frozenset[str]:
        if self.person_id is None or not self.is_active:
            return frozenset({audiences.PUBLIC_KEY})
        return audiences.keys_of(self.person_id, on)

    @cached_property
    def audiences(self) -> frozenset[str]:
        """The audiences of today, read once per request."""
        return self.audiences_on(today())

    @property
    def seen_audiences(self) -> frozenset[str]:
        """What is for these is shown to this account: the board reads what members read."""
        return self.audiences | {"members"} if "board" in self.audiences else self.audiences

    @property
    def is_staff(self) -> bool:
        """Django's word for « may enter the admin »: the federation's staff."""
        return "staff" in self.audiences

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_staff

    def has_perms(self, perm_list: Any, obj: object = None) -> bool:
        return self.has_perm("")

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm("")
