"""The file of the figures that come from outside."""

from apmsl.lib.imports import tables
from apmsl.lib.imports.fields import columns_of
from apmsl.lib.imports.tables import Table, Target
from reports.models import ExternalFigure

EXTERNAL_FIGURES = Table(
    name="external_figures",
    label="Chiffres extérieurs",
    columns=columns_of(ExternalFigure, "year key value as_of", year={"least": 2000, "most": 2100}),
    key=("year", "key"),
    targets=(Target(ExternalFigure, key=("year", "key")),),
)


tables.register(EXTERNAL_FIGURES)
