"""The yearly activity report: what the records of the year say, and the texts that were written."""

from reports.builders.activity.composition import compose, html
from reports.builders.activity.material import Material
from reports.builders.activity.report import ActivityReport

__all__ = ["ActivityReport", "Material", "compose", "html"]
