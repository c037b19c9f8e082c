"""Drawings of figures, as SVG: the same on pages and in documents.

Each drawing is a frozen dataclass: what to show goes in, geometry comes out as text for its template
in ``templates/charts/``. Colours and sizes are attributes of the SVG (no style attribute: the content
security policy refuses them), every figure is written beside its shape (never the colour alone), and
``description`` says in words all that is drawn. ``{% load charts %}{% chart drawing %}`` prints a
figure with its table, ``{% drawing drawing %}`` the drawing alone.
"""

from apmsl.lib.charts.bars import Bars, Columns
from apmsl.lib.charts.base import Drawing, Item
from apmsl.lib.charts.changes import Comparison, Spark
from apmsl.lib.charts.groups import GroupsMap, Territory
from apmsl.lib.charts.people import People
from apmsl.lib.charts.places import Mark, PlacesMap, Window
from apmsl.lib.charts.region import Dot, RegionMap
from apmsl.lib.charts.shares import Ring, Stacked
from apmsl.lib.charts.sites import SitesMap
from apmsl.lib.charts.words import Words

__all__ = [
    "Bars",
    "Columns",
    "Comparison",
    "Dot",
    "Drawing",
    "GroupsMap",
    "Item",
    "Mark",
    "People",
    "PlacesMap",
    "RegionMap",
    "Ring",
    "SitesMap",
    "Spark",
    "Stacked",
    "Territory",
    "Window",
    "Words",
]
