"""The bridge to the CRM: what is to be sent of each object, how its fields are named there, and what
both sides changed."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Case, F, Func, Q, Value, When
from django.utils import timezone

from apmsl.lib.history import tracked
from members.enums import CrmDirection, CrmMode, CrmModule, CrmRunKind, CrmSide, CrmSource, CrmState
from members.models.outbox import GATHER

# A worker that has said nothing for so long is dead: another takes its objects.
LEASE = timedelta(minutes=2)
PORTAL_FIELD = "Portail_ID"  # the unique field of each module of Zoho that holds our number


class CrmRecordQuerySet(models.QuerySet["CrmRecord"]):
    def gather(self, *, at: datetime, most: int = 20_000) -> int:
        """Fold the signals into one row an object; how many signals there were."""
        total = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(GATHER, [most, at])
                (taken,) = cursor.fetchone()
            total += int(taken)
            if taken < most:
                return total

    def waiting(self) -> Self:
        return self.filter(state=CrmState.WAITING)

    def dead(self) -> Self:
        return self.filter(state=CrmState.DEAD)

    def due(self, at: datetime) -> Self:
        """To be sent now, and in the hands of no living worker."""
        free = Q(claim=None) | Q(claimed_until__lt=at)
        return self.waiting().filter(free, not_before__lte=at)

    def claim(self, module: str, *, at: datetime, most: int) -> list["CrmRecord"]:
        """Take what is due: of two workers, each takes others. Inside a transaction."""
        due = self.due(at).filter(module=module).order_by("not_before", "pk")
        rows = list(due.select_for_update(skip_locked=True, no_key=True)[:most])
        claim, until = uuid.uuid4(), at + LEASE
        self.filter(pk__in=[row.pk for row in rows]).update(
            claim=claim, claimed_until=until, claimed_version=F("version")
        )
        for row in rows:
            row.claim, row.claimed_until, row.claimed_version = claim, until, row.version
        return rows

    def in_turn(self) -> Self:
        """Locked in the order of ``gather``, which changes many rows too: in any other, each of two
        could wait for the other for ever. Inside a transaction."""
        rows = self.select_for_update(no_key=True).order_by("module", "object_id")
        return self.filter(pk__in=list(rows.values_list("pk", flat=True)))

    def finish(self, **changes: Any) -> int:
        """Those that their claim still holds are sent, as of the version that was claimed."""
        behind = When(version__gt=F("claimed_version"), then=Value(CrmState.WAITING.value))
        return self.update(
            sent_version=F("claimed_version"),
            state=Case(behind, default=Value(CrmState.SENT.value)),
            attempts=0,
            last_error="",
            claim=None,
            claimed_until=None,
            **changes,
        )

    def look_again(self, *, at: datetime) -> int:
        """As if each had just changed: the mapping did, or the staff asks."""
        with transaction.atomic():
            return self.in_turn().update(
                version=F("version") + 1,
                state=CrmState.WAITING,
                attempts=0,
                not_before=at,
            )


class CrmRecord(models.Model):
    """One object of the portal and its record in the CRM. The row outlives the object until the CRM
    has deleted its own.

    ``version`` goes up with each change, ``sent_version`` follows: a change that comes while the
    record is on its way is not lost. ``claim`` fences off a worker that wakes after its lease.
    ``base``: what both sides last agreed on, by field of the CRM.
    """

    module = models.CharField("module", max_length=12, choices=CrmModule)
    object_id = models.BigIntegerField("numéro dans le portail")
    portal_id = models.UUIDField(
        "numéro Portail_ID", unique=True, default=uuid.uuid4, editable=False
    )
    zoho_id = models.CharField("numéro dans le CRM", max_length=40, blank=True)
    base = models.JSONField("dernières valeurs communes", default=dict, blank=True)
    version = models.PositiveIntegerField("version", default=1)
    sent_version = models.PositiveIntegerField("version envoyée", default=0)
    claimed_version = models.PositiveIntegerField("version prise en charge", default=0)
    state = models.CharField("état", max_length=10, choices=CrmState, default=CrmState.WAITING)
    not_before = models.DateTimeField("pas avant le", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)
    claim = models.UUIDField("prise en charge", null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField("prise en charge jusqu’à", null=True, blank=True)
    tried_at = models.DateTimeField("dernier essai le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    # By which a person or a team finds what is theirs.
    person_number = models.GeneratedField(
        expression=Case(When(module=CrmModule.CONTACTS.value, then=F("object_id"))),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
        verbose_name="numéro de la personne",
    )
    team_number = models.GeneratedField(
        expression=Case(When(module=CrmModule.ACCOUNTS.value, then=F("object_id"))),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
        verbose_name="numéro de l’équipe",
    )

    objects = CrmRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche reliée au CRM"
        verbose_name_plural = "fiches reliées au CRM"
        indexes = [
            models.Index(
                fields=["module", "not_before"],
                condition=Q(state="waiting"),
                name="crmrecord_waiting",
            ),
            models.Index(fields=["module", "zoho_id"], name="crmrecord_zoho_id"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="crmrecord_one_per_object",
                fields=["module", "object_id"],
                violation_error_message="Cette fiche est déjà reliée au CRM.",
            ),
            models.CheckConstraint(
                name="crmrecord_sent_not_ahead",
                condition=Q(sent_version__lte=F("version")),
                violation_error_message="La version envoyée ne peut pas dépasser la version.",
            ),
            models.CheckConstraint(
                name="crmrecord_claim_has_an_end",
                condition=Q(claim__isnull=True, claimed_until__isnull=True)
                | Q(claim__isnull=False, claimed_until__isnull=False),
                violation_error_message="Une prise en charge a une fin.",
            ),
        ]

    def __str__(self) -> str:
        return f"fiche n° {self.pk}"

    @property
    def is_new(self) -> bool:
        """Nothing was ever sent of it, as far as anybody knows."""
        return not self.zoho_id and self.sent_at is None

    def finish(self, *, at: datetime, zoho_id: str, sent: dict[str, Any]) -> bool:
        """False when another worker took over, who then sends once more: what this one sent last
        may be older. ``sent`` is added to what both sides agree on."""
        merged = Func(
            F("base"),
            Value(sent, models.JSONField()),
            arg_joiner=" || ",
            template="%(expressions)s",
        )
        done = self.held().finish(zoho_id=zoho_id, sent_at=at, base=merged)
        if not done:
            CrmRecord.objects.filter(pk=self.pk).look_again(at=at)
        return bool(done)

    def release(self, **changes: Any) -> bool:
        """Not sent: later, or never."""
        return bool(self.held().update(claim=None, claimed_until=None, **changes))

    def held(self) -> CrmRecordQuerySet:
        """The row, as long as this claim holds it."""
        return CrmRecord.objects.filter(pk=self.pk, claim=self.claim)


class CrmMappingQuerySet(models.QuerySet["CrmMapping"]):
    def of(self, module: str) -> Self:
        return self.filter(module=module).order_by("pk")

    def going_out(self) -> Self:
        return self.filter(direction__in=[CrmDirection.OUT, CrmDirection.BOTH])

    def coming_in(self) -> Self:
        return self.filter(direction__in=[CrmDirection.IN, CrmDirection.BOTH])


@tracked()
class CrmMapping(models.Model):
    """One field of ours and its name in the CRM. What has no row here never leaves."""

    module = models.CharField("module", max_length=12, choices=CrmModule)
    source = models.CharField("donnée du portail", max_length=40, choices=CrmSource)
    zoho_field = models.CharField(
        "champ du CRM", max_length=100, help_text="Son nom d’API, par exemple « Last_Name »."
    )
    direction = models.CharField(
        "sens", max_length=4, choices=CrmDirection, default=CrmDirection.OUT
    )
    owner = models.CharField("qui fait foi", max_length=6, choices=CrmSide, default=CrmSide.PORTAL)
    mode = models.CharField(
        "remplacement", max_length=10, choices=CrmMode, default=CrmMode.OVERWRITE
    )

    objects = CrmMappingQuerySet.as_manager()

    class Meta:
        verbose_name = "champ échangé avec le CRM"
        verbose_name_plural = "champs échangés avec le CRM"
        constraints = [
            models.UniqueConstraint(
                name="crmmapping_source_once",
                fields=["module", "source"],
                violation_error_message="Cette donnée est déjà associée à un champ.",
            ),
            models.UniqueConstraint(
                name="crmmapping_field_once",
                fields=["module", "zoho_field"],
                violation_error_message="Ce champ du CRM est déjà associé à une donnée.",
            ),
            models.CheckConstraint(
                name="crmmapping_source_of_module",
                condition=Q(module="Contacts", source__startswith="person.")
                | Q(module="Accounts", source__startswith="team."),
                violation_error_message="Cette donnée n’est pas de ce module.",
            ),
            models.CheckConstraint(
                name="crmmapping_field_name",
                condition=Q(zoho_field__regex=r"^[A-Za-z][A-Za-z0-9_]*$"),
                violation_error_message="Un nom de champ a des lettres, des chiffres et « _ ».",
            ),
            models.CheckConstraint(
                name="crmmapping_portal_field_is_ours",
                condition=~Q(zoho_field__in=[PORTAL_FIELD, "id"]),
                violation_error_message="Ce champ porte le numéro qui relie les fiches.",
            ),
            models.CheckConstraint(
                name="crmmapping_owner_goes_with_direction",
                condition=(~Q(direction="out") | Q(owner="portal"))
                & (~Q(direction="in") | Q(owner="crm")),
                violation_error_message=(
                    "Ce qui ne va que vers le CRM est tenu par le portail ; ce qui n’en vient que, "
                    "par le CRM."
                ),
            ),
            models.CheckConstraint(
                name="crmmapping_both_overwrite",
                condition=~Q(direction="both") | Q(mode="overwrite"),
                violation_error_message="Dans les deux sens, un champ est toujours remplacé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} – {self.zoho_field}"


class CrmConflictQuerySet(models.QuerySet["CrmConflict"]):
    def open(self) -> Self:
        return self.filter(decided_at=None)


class CrmConflict(models.Model):
    """A field that both sides changed, or a value of the CRM that the portal refuses. It is left as
    it is on each side until someone decides."""

    record = models.ForeignKey(
        CrmRecord, verbose_name="fiche", on_delete=models.CASCADE, related_name="conflicts"
    )
    mapping = models.ForeignKey(
        CrmMapping, verbose_name="champ", on_delete=models.CASCADE, related_name="conflicts"
    )
    portal_value = models.JSONField("valeur du portail", null=True)
    crm_value = models.JSONField("valeur du CRM", null=True)
    reason = models.CharField("pourquoi", max_length=300, blank=True)
    found_at = models.DateTimeField("relevé le")
    kept = models.CharField("valeur gardée", max_length=6, choices=CrmSide, blank=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="décidé par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = CrmConflictQuerySet.as_manager()

    class Meta:
        verbose_name = "désaccord avec le CRM"
        verbose_name_plural = "désaccords avec le CRM"
        constraints = [
            models.UniqueConstraint(
                name="crmconflict_one_open_per_field",
                fields=["record", "mapping"],
                condition=Q(decided_at=None),
                violation_error_message="Ce champ attend déjà une décision.",
            ),
            models.CheckConstraint(
                name="crmconflict_decided_keeps_one",
                condition=Q(decided_at__isnull=True, kept="")
                | (Q(decided_at__isnull=False) & ~Q(kept="")),
                violation_error_message="Une décision garde une des deux valeurs.",
            ),
        ]

    def __str__(self) -> str:
        return f"désaccord n° {self.pk}"


@tracked(exclude=("fields", "read_until"))
class CrmBridge(models.Model):
    """The one row of the bridge: its switch, and what it remembers of the CRM."""

    is_on = models.BooleanField("échanges ouverts", default=False)
    changed_at = models.DateTimeField("changé le", null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="changé par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    trouble = models.CharField("ce qui empêche les échanges", max_length=300, blank=True)
    fields = models.JSONField("champs du CRM", default=dict, blank=True)
    fields_at = models.DateTimeField("champs lus le", null=True, blank=True)
    read_until = models.JSONField("relu jusqu’à", default=dict, blank=True)

    class Meta:
        verbose_name = "lien avec le CRM"
        verbose_name_plural = "lien avec le CRM"
        constraints = [
            models.CheckConstraint(
                name="crmbridge_only_one",
                condition=Q(pk=1),
                violation_error_message="Il n’y a qu’un lien avec le CRM.",
            )
        ]

    def __str__(self) -> str:
        return "Lien avec le CRM"

    @classmethod
    def current(cls) -> "CrmBridge":
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class CrmRun(models.Model):
    """The report of one passage."""

    kind = models.CharField("nature", max_length=6, choices=CrmRunKind)
    started_at = models.DateTimeField("commencé le")
    ended_at = models.DateTimeField("fini le", null=True, blank=True)
    inserted = models.PositiveIntegerField("créées", default=0)
    updated = models.PositiveIntegerField("mises à jour", default=0)
    deleted = models.PositiveIntegerField("supprimées", default=0)
    unchanged = models.PositiveIntegerField("sans changement", default=0)
    refused = models.PositiveIntegerField("refusées", default=0)
    put_off = models.PositiveIntegerField("remises à plus tard", default=0)
    read = models.PositiveIntegerField("valeurs reprises", default=0)
    conflicts = models.PositiveIntegerField("désaccords", default=0)
    message = models.CharField("remarque", max_length=300, blank=True)

    class Meta:
        verbose_name = "compte rendu d’échange"
        verbose_name_plural = "comptes rendus d’échange"
        indexes = [models.Index(fields=["-started_at"], name="crmrun_started_at")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} n° {self.pk}"
