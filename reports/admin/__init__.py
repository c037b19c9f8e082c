from reports.admin.day import dashboard
from reports.admin.records import (
    ChapterOfYearAdmin,
    ExternalFigureAdmin,
    ReportCommentAdmin,
    ReportTextAdmin,
)
from reports.admin.told import ActionOfYearAdmin, FigureNoteAdmin, TestimonyAdmin

__all__ = [
    "ActionOfYearAdmin",
    "ChapterOfYearAdmin",
    "ExternalFigureAdmin",
    "FigureNoteAdmin",
    "ReportCommentAdmin",
    "ReportTextAdmin",
    "TestimonyAdmin",
    "dashboard",
]
