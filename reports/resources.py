"""The file of the figures that come from outside."""

from dataclasses import dataclass
from typing import Any

from apmsl.lib.imports import tables
from apmsl.lib.imports.columns import Refused, Slug, quoted
from apmsl.lib.imports.fields import columns_of
from apmsl.lib.imports.tables import Table, Target
from reports import indicators
from reports.builders.dashboard import PLANNED
from reports.models import ExternalFigure


@dataclass(frozen=True, kw_only=True)
class FigureKey(Slug):
    """What is planned (« cpom_teams ») is planned for a figure that exists: a slip would be shown
    nowhere."""

    def parse(self, text: str) -> Any:
        key = super().parse(text)
        name = key.removeprefix(PLANNED)
        if name != key and name not in indicators.REGISTRY:
            raise Refused(f"aucun chiffre n’a le code {quoted(name)}.")
        return key


_YEAR, _KEY, *_OTHERS = columns_of(
    ExternalFigure, "year key value as_of", year={"least": 2000, "most": 2100}
)

EXTERNAL_FIGURES = Table(
    name="external_figures",
    label="Chiffres extérieurs",
    columns=(_YEAR, FigureKey(_KEY.name, label=_KEY.label, required=True, most=60), *_OTHERS),
    key=("year", "key"),
    targets=(Target(ExternalFigure, key=("year", "key")),),
)


tables.register(EXTERNAL_FIGURES)
