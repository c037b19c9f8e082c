"""What the reports need beyond the records of the other apps."""

from reports.models.actions import ActionOfYear, FigureNote, Testimony
from reports.models.breaks import DefinitionBreak
from reports.models.chapters import ActionPlace, ChapterOfYear
from reports.models.layouts import BODY, SheetLayout
from reports.models.outside import ExternalFigure
from reports.models.texts import ReportComment, ReportText
from reports.models.versions import ReportVersion
from reports.models.words import WordCloud

__all__ = [
    "BODY",
    "ActionOfYear",
    "ActionPlace",
    "ChapterOfYear",
    "DefinitionBreak",
    "ExternalFigure",
    "FigureNote",
    "ReportComment",
    "ReportText",
    "ReportVersion",
    "SheetLayout",
    "Testimony",
    "WordCloud",
]
