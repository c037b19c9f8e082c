"""What the staff wrote beside the figures: of the actions, of the figures, and who speaks of them."""

from apmsl.lib.charts import Item, Words
from reports import indicators
from reports.builders.figures import Quote, Story
from reports.builders.reading.after import picture
from reports.builders.reading.region import place
from reports.indicators import Scope
from reports.models import ActionOfYear, FigureNote, Testimony, WordCloud


def stories(scope: Scope, *, drawn: bool = True) -> dict[str, Story]:
    rows = ActionOfYear.objects.filter(year=scope.year).order_by("pk")
    return {row.key: _story(row, drawn=drawn) for row in rows}


def _story(row: ActionOfYear, *, drawn: bool) -> Story:
    said = {"caption": row.caption, "credit": row.credit}
    shown = picture(row.photo, drawn=drawn, **said) if row.photo else None
    return Story(
        objective=row.objective.strip(),
        allowed=_lines(row.allowed),
        partners=_lines(row.partners),
        is_new=row.is_new,
        pictures=[shown] if shown else [],
    )


def _lines(text: str) -> list[str]:
    """A dash that begins a line says that it is one: the page says it otherwise."""
    lines = [line.strip().lstrip("-–•").strip() for line in text.splitlines()]
    return [line for line in lines if line]


def notes(year: int) -> dict[str, str]:
    return dict(FigureNote.objects.filter(year=year).values_list("figure", "text"))


def breaks(year: int) -> dict[str, list[str]]:
    """Of the figures that a report defines: what changes after its year does not concern it."""
    known = indicators.breaks(indicators.REGISTRY.values())
    told = {name: [one.text for one in of if one.year <= year] for name, of in known.items()}
    return {name: of for name, of in told.items() if of}


def quotes(scope: Scope) -> dict[str, list[Quote]]:
    """By subject."""
    rows = Testimony.objects.agreed().filter(year=scope.year)
    found: dict[str, list[Quote]] = {}
    for row in rows.select_related("team").order_by("position", "pk"):
        quote = Quote(text=row.body.strip().strip('«» \u00a0\u202f"'), author=_author(row))
        found.setdefault(row.subject, []).append(quote)
    return found


def clouds(scope: Scope) -> dict[str, list[Words]]:
    """By subject."""
    found: dict[str, list[Words]] = {}
    for row in WordCloud.objects.filter(year=scope.year).order_by("pk"):
        items = [Item(word, times) for word, times in row.tally]
        drawing = Words(key=f"words-{row.pk}", title=row.title, items=items)
        found.setdefault(row.subject, []).append(drawing)
    return found


def _author(row: Testimony) -> str:
    """« Anne Petit, coordinatrice, MSP de Clisson (Clisson, Loire-Atlantique) »."""
    where = row.organisation
    if row.team:
        where = f"{row.team.name} ({place(row.team)})"
    return ", ".join(filter(None, [row.author, row.role, where]))
