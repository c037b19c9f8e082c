"""What the report tells of an action beside its figures: what it was for, who helped, who speaks of it.

All of it belongs to a year, and to the draft: a version keeps its pages.
"""

from typing import Self

from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q

from apmsl.lib.history import tracked
from apmsl.lib.uploads import check_document
from members.models import Team
from reports.enums import ActionKey, Chapter
from reports.models.outside import LAST_YEAR

APART = "type-"  # begins the key of a kind of action, followed by its number
_YEARS = Q(year__range=(2000, LAST_YEAR))
_YEAR_MESSAGE = "L’année doit être comprise entre 2000 et 2100."
# The chapters that have a place for a testimony: the others are one text.
SPOKEN_CHAPTERS = (
    Chapter.REPRESENTATION,
    Chapter.PROJECTS,
    Chapter.TEAMS,
    Chapter.EVOLUTION,
    Chapter.NETWORK,
    Chapter.COMMUNICATION,
    Chapter.GOVERNANCE,
)
SUBJECTS = [
    ("Chapitres", [(f"chapter-{one}", one.label) for one in SPOKEN_CHAPTERS]),
    ("Actions", ActionKey.choices),
]


_UNTOLD = {
    "ages": "L’âge des équipes constituées",
    "cancelled": "Ce qui n’a pas eu lieu",
    "landmarks": "Repères",
}


def can_be_told(key: str) -> bool:
    """Not so a table of what is left, or landmarks."""
    return key in ActionKey.values or key.startswith(APART)


def name_of(key: str) -> str:
    """Where no page is at hand to say its title: those of the kinds counted apart all say that."""
    names: dict[str, str] = {**dict(ActionKey.choices), **_UNTOLD}
    return names.get(key, "Action comptée à part")


@tracked()
class ActionOfYear(models.Model):
    """An action of the report, told for a year. ``key`` is an ``ActionKey``, or a kind of action that
    no figure counts by itself."""

    year = models.PositiveSmallIntegerField("année")
    key = models.SlugField("action", max_length=40)
    objective = models.TextField(
        "objectif",
        max_length=2000,
        blank=True,
        help_text="En une phrase ou deux : pourquoi cette action, pour qui.",
    )
    allowed = models.TextField(
        "a permis de",
        max_length=2000,
        blank=True,
        help_text="Une ligne par résultat, qui commence par un verbe : « Rencontrer… ».",
    )
    partners = models.TextField(
        "partenaires", max_length=1000, blank=True, help_text="Un par ligne."
    )
    is_new = models.BooleanField(
        "nouveau cette année",
        default=False,
        help_text="Imprime « Nouveau » à côté du titre. Une action dont tous les événements sont"
        " nouveaux l’a déjà.",
    )
    photo = models.FileField(
        "photo",
        upload_to="reports/actions/",
        blank=True,
        validators=[FileExtensionValidator(["jpg", "jpeg", "png"]), check_document],
        help_text="JPEG ou PNG. Celles des événements sont imprimées aussi.",
    )
    caption = models.CharField(
        "légende", max_length=200, blank=True, help_text="Avec le lieu et la date."
    )
    credit = models.CharField("crédit", max_length=100, blank=True)

    class Meta:
        verbose_name = "action du rapport"
        verbose_name_plural = "actions du rapport"
        constraints = [
            models.UniqueConstraint(
                name="actionofyear_told_once_a_year",
                fields=["year", "key"],
                violation_error_message="Cette action est déjà racontée pour cette année.",
            ),
            models.CheckConstraint(
                name="actionofyear_year_plausible",
                condition=_YEARS,
                violation_error_message=_YEAR_MESSAGE,
            ),
            models.CheckConstraint(
                name="actionofyear_photo_has_its_caption",
                condition=Q(photo="") | ~Q(caption=""),
                violation_error_message="Donnez sa légende à la photo.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    @property
    def name(self) -> str:
        return name_of(self.key)


@tracked()
class FigureNote(models.Model):
    """What a reader must know of a figure that year: counted up, on which day, without whom. It is
    printed under the figure, wherever it stands."""

    year = models.PositiveSmallIntegerField("année")
    figure = models.SlugField("chiffre", max_length=60)
    text = models.CharField(
        "précision",
        max_length=200,
        help_text="« En cumul », « Au 31 août », « Hors exemplaires distribués »…",
    )

    class Meta:
        verbose_name = "précision sur un chiffre"
        verbose_name_plural = "précisions sur les chiffres"
        constraints = [
            models.UniqueConstraint(
                name="figurenote_one_per_year_and_figure",
                fields=["year", "figure"],
                violation_error_message="Ce chiffre a déjà sa précision pour cette année.",
            ),
            models.CheckConstraint(
                name="figurenote_year_plausible",
                condition=_YEARS,
                violation_error_message=_YEAR_MESSAGE,
            ),
            models.CheckConstraint(
                name="figurenote_says_something",
                condition=~Q(text=""),
                violation_error_message="Écrivez la précision.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.year}"


class TestimonyQuerySet(models.QuerySet["Testimony"]):
    def agreed(self) -> Self:
        """Those that may be printed."""
        return self.filter(agreed_on__isnull=False)


@tracked()
class Testimony(models.Model):
    """What somebody says of a chapter or of an action, printed once they have agreed to it. ``subject``
    is one of ``SUBJECTS``."""

    year = models.PositiveSmallIntegerField("année")
    subject = models.CharField("à propos de", max_length=40, choices=SUBJECTS)
    body = models.TextField("témoignage", max_length=1000)
    author = models.CharField(
        "nom", max_length=100, blank=True, help_text="Facultatif : la fonction suffit."
    )
    role = models.CharField(
        "fonction", max_length=100, help_text="« Coordinatrice », « Infirmier »…"
    )
    team = models.ForeignKey(
        Team,
        verbose_name="équipe",
        on_delete=models.SET_NULL,
        related_name="testimonies",
        null=True,
        blank=True,
        help_text="Sa commune et son département sont imprimés avec elle.",
    )
    organisation = models.CharField(
        "structure",
        max_length=150,
        blank=True,
        help_text="De qui n’est pas d’une équipe : sa structure et sa commune.",
    )
    agreed_on = models.DateField(
        "accord donné le",
        null=True,
        blank=True,
        help_text="Sans l’accord de la personne, son témoignage n’est pas imprimé.",
    )
    position = models.PositiveSmallIntegerField("ordre", default=1)

    objects = TestimonyQuerySet.as_manager()

    class Meta:
        verbose_name = "témoignage"
        constraints = [
            models.CheckConstraint(
                name="testimony_year_plausible",
                condition=_YEARS,
                violation_error_message=_YEAR_MESSAGE,
            ),
            models.CheckConstraint(
                name="testimony_says_something",
                condition=~Q(body="") & ~Q(role=""),
                violation_error_message="Un témoignage a des mots, et la fonction de qui les dit.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body[:60]}…" if len(self.body) > 60 else self.body
