"""From what was read to what is drawn."""

from dataclasses import replace

from django.template.loader import render_to_string

from apmsl.lib.charts import RegionMap
from reports.builders.activity import chapters, glance, placing, portrait
from reports.builders.activity.annex import annex
from reports.builders.activity.material import Material
from reports.builders.activity.outlook import outlook
from reports.builders.activity.report import ActivityReport


def compose(material: Material, *, only: str = "") -> ActivityReport:
    """``only``: a preview of that chapter."""
    report = _composed(material, only)
    return report if only else replace(report, annex=annex(report, material.breaks))


def _composed(material: Material, only: str) -> ActivityReport:
    return ActivityReport(
        year=material.year,
        as_of=material.as_of,
        sender=material.sender,
        cover=RegionMap(
            key="cover",
            title="Les Pays de la Loire",
            dots=material.lists.dots,
            width=640,
            fill="#13717b",
            border="#0b5d66",
            dot="#ffffff",
            attribution=False,
        ),
        boxes=glance.boxes(material),
        definitions=glance.DEFINITIONS,
        portrait=portrait.portrait(material),
        foreword=material.text("foreword"),
        chapters=chapters.chapters(material),
        outlook=outlook(material),
        added=placing.added(material),
        order=placing.order(material),
        check=material.check,
        only=only,
    )


def html(report: ActivityReport) -> str:
    return render_to_string("reports/pdf/activity.html", {"report": report})
