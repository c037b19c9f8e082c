"""The network's yearly report, and the card of a local group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.template.loader import render_to_string

from apmsl.lib.charts import RegionMap
from reports.builders.activity import Material
from reports.builders.activity.network import coordination
from reports.builders.activity.telling import told
from reports.builders.figures import Change
from reports.builders.scans import size_of

# Up to how many rows of two lines each: 17 cm of page for them.
_DENSITIES = ((11, ""), (18, "tight"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    title: str
    day: date
    format: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A team of the group, and who coordinates it."""

    name: str
    city: str
    coordinators: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCard:
    year: int
    as_of: date
    federation: str
    name: str
    department: str
    figures: Sequence[Change] = ()
    members: Sequence[Member] = ()
    meetings: Sequence[Meeting] = ()

    @property
    def size(self) -> str:
        return size_of(self.name)

    @property
    def density(self) -> str:
        return _density(len(self.members))

    @property
    def meetings_density(self) -> str:
        return _density(len(self.meetings))


def _density(rows: int) -> str:
    """The card is one page, whatever the size of the group."""
    return next((density for most, density in _DENSITIES if rows <= most), "tightest")


def network_html(material: Material) -> str:
    chapter = told(material, coordination(material))
    chapter = replace(chapter, number="")
    cover = RegionMap(
        key="cover",
        title="Les Pays de la Loire",
        dots=material.lists.dots,
        width=640,
        fill="#13717b",
        border="#0b5d66",
        dot="#ffffff",
        attribution=False,
    )
    running = f"Bilan du réseau {material.year}"
    context = {"material": material, "chapter": chapter, "cover": cover, "running": running}
    return render_to_string("reports/pdf/network.html", context)


def group_html(card: GroupCard) -> str:
    return render_to_string("reports/pdf/group_card.html", {"card": card})
