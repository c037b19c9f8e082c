"""The Scan'équipe Région: the year's answers together, and the portrait of the team in the middle.

The same page every year, each figure beside that of the year before. A question that the staff does
not publish (« publiable dans le Scan'équipe Région ») is left out with all that is made of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from apmsl.lib import typography
from apmsl.lib.charts import Bars, Item, People, RegionMap, Ring
from apmsl.lib.rounding import LEAST
from members.models import FormQuestion
from reports import indicators
from reports.builders.figures import Change, Figure
from reports.builders.reading.region import PRACTICES
from reports.builders.reading.support import dots
from reports.builders.scans import RegionSheet, Share
from reports.indicators import Reading, Scope
from reports.indicators.few import MADE_OF, of_too_few, share

Rows = tuple[tuple[str, str, str], ...]

_FIGURES: Rows = (
    ("teams_constituted", "MSP adhérente", "MSP adhérentes"),
    ("professionals", "professionnel représenté", "professionnels représentés"),
    ("patients", "patient suivi", "patients suivis"),
    ("patients_population_pct", "de la population régionale", "de la population régionale"),
)
_PORTRAIT: Rows = (
    ("typical_professionals", "professionnel", "professionnels"),
    ("typical_categories", "profession", "professions"),
    ("typical_patients", "patient suivi", "patients suivis"),
    ("typical_signatories", "signataire du projet de santé", "signataires du projet de santé"),
    ("typical_sites", "site", "sites"),
    ("teams_median_age", "an d’existence", "ans d’existence"),
    ("typical_coordinators", "personne à la coordination", "personnes à la coordination"),
    ("typical_hours", "heure de coordination par mois", "heures de coordination par mois"),
)
_COORDINATION: Rows = (
    ("coordinators", "coordinateur", "coordinateurs"),
    ("coordinators_in_network_pct", "membres du réseau", "membres du réseau"),
    ("coordinators_pacte_pct", "formés par PACTE", "formés par PACTE"),
    ("coordinators_self_employed_pct", "par ailleurs libéraux", "par ailleurs libéraux"),
    ("teams_with_pair_pct", "des MSP avec un binôme", "des MSP avec un binôme"),
)
_ALONE = (
    "professionals_by_profession",
    "typical_composition",
    "teams_by_size",
    "teams_by_department",
    "scans_answered",
    "scans_answered_pct",
)
# Of the professions with one person: the sheet has room for three lines.
_NAMED = 12


@dataclass(frozen=True)
class _Read:
    """``before`` is empty where the year before has no members, and has nothing that too few of its
    teams told; ``withheld`` is what is not shown of this year."""

    year: int
    now: dict[str, Reading]
    before: dict[str, Reading]
    withheld: frozenset[str]

    def changes(self, rows: Rows) -> list[Change]:
        """Nothing of what no form has told yet."""
        changes = [self.change(*row) for row in rows if row[0] not in self.withheld]
        return [change for change in changes if change.figure.value]

    def change(self, name: str, one: str, many: str) -> Change:
        now, before = self.now.get(name), self.before.get(name)
        unit = now.indicator.unit if now else ""
        figure = Figure(name, now.value if now else None, one, many, unit)
        return Change(figure, before.value if before else None, self.year - 1)

    def shown(self, name: str) -> Reading | None:
        reading = self.now[name]
        return reading if reading.value and name not in self.withheld else None


def region_sheet(year: int, as_of: date) -> RegionSheet:
    read = _read(year, as_of)
    answered, teams = read.now["scans_answered"].value, read.now["teams_constituted"].value
    enough = answered >= LEAST
    return RegionSheet(
        year=year,
        as_of=as_of,
        federation=settings.FEDERATION_NAME,
        figures=read.changes(_FIGURES) if teams else (),
        answered=answered,
        portrait=read.changes(_PORTRAIT) if enough else (),
        composition=_composition(read),
        one_each=_one_each(read),
        words=_words(read),
        professions=_professions(read),
        sizes=_sizes(read),
        practices=_practices(read),
        coordination=read.changes(_COORDINATION) if read.now["coordinators"].value else (),
        map=_map(read.now, Scope.of(year, as_of)) if teams else None,
        base=_base(read.now),
    )


def _read(year: int, as_of: date) -> _Read:
    beside = [name for name, *_ in (*_FIGURES, *_PORTRAIT, *_COORDINATION)]
    beside += [share(key) for key, *_ in PRACTICES]
    before = indicators.readings(year - 1, ids=beside)
    few, few_before = of_too_few(Scope.of(year, as_of)), of_too_few(Scope.of(year - 1))
    if not before["teams_constituted"].value:
        before = {}
    return _Read(
        year=year,
        now=indicators.readings(year, as_of, [*beside, *_ALONE]),
        before={name: before[name] for name in before if name not in few_before},
        withheld=few.union(_unpublished(year)),
    )


def _unpublished(year: int) -> Iterable[str]:
    kept = FormQuestion.objects.filter(form__year=year, is_publishable=False)
    for key in kept.order_by("pk").values_list("question__key", flat=True):
        yield from MADE_OF.get(key, (share(key),))


# -- composing -------------------------------------------------------------------------------------
def _composition(read: _Read) -> People | None:
    reading = read.shown("typical_composition")
    if reading is None:
        return None
    several = [Item(part.name, part.value) for part in reading.parts() if part.value > 1]
    if not several:
        return None
    return People(
        key="typical-team",
        title="Composition de l’équipe type",
        items=several,
        width=400,
        most=6,
        size=13,
        row=min(23.0, 115 / min(len(several), 6)),
    )


def _one_each(read: _Read) -> str:
    """« Et une personne de chacune de ces professions : … »."""
    reading = read.shown("typical_composition")
    parts = reading.parts() if reading else []
    names = [f"{part.name[0].lower()}{part.name[1:]}" for part in parts if part.value == 1]
    if not names:
        return ""
    if len(names) > _NAMED:
        others = typography.plural(len(names) - _NAMED, "autre", "autres")
        names = [*names[:_NAMED], others]
    return f"Et une personne de chacune de ces professions : {typography.listing(names)}."


def _words(read: _Read) -> str:
    """What more than half of them do."""
    done = [
        f"{label[0].lower()}{label[1:]}"
        for key, label, *_ in PRACTICES
        for reading in [read.shown(share(key))]
        if reading is not None and reading.value > 50
    ]
    return f"Le plus souvent, elle {typography.listing(done)}." if done else ""


def _practices(read: _Read) -> list[Share]:
    return [
        Share(
            change=read.change(share(key), words, words),
            ring=Ring(key=key.replace("_", "-"), title=words, value=read.now[share(key)].value),
        )
        for key, _, _, words in PRACTICES
        if share(key) not in read.withheld
    ]


def _professions(read: _Read) -> Bars | None:
    reading = read.shown("professionals_by_profession")
    if reading is None:
        return None
    items = [Item(part.name, part.value, "%") for part in reading.parts()]
    title = "Les cinq premières professions"
    # A label on two lines would go under the band below.
    return Bars(key="professions", title=title, items=items, width=380, label_share=0.6)


def _sizes(read: _Read) -> Bars | None:
    reading = read.shown("teams_by_size")
    if reading is None:
        return None
    items = [Item(part.name, part.value) for part in reading.parts()]
    return Bars(key="sizes", title="Les MSP selon leur taille", items=items, width=350)


def _map(now: dict[str, Reading], scope: Scope) -> RegionMap:
    return RegionMap(
        key="teams",
        title="MSP adhérentes par département",
        values=now["teams_by_department"].value,
        dots=dots(scope),
        width=420,
        attribution=False,
    )


def _base(now: dict[str, Reading]) -> str:
    answered, teams = now["scans_answered"].value, now["teams_constituted"].value
    if not answered:
        return "D’après les fiches du portail"
    share = now["scans_answered_pct"].text
    counted = typography.plural(answered, "MSP", "MSP")
    return (
        f"D’après les formulaires Scan’équipe de {counted} sur {typography.number(teams)} ({share})"
    )
