from reports.admin.day import dashboard
from reports.admin.records import (
    ActionPlaceAdmin,
    ChapterOfYearAdmin,
    ExternalFigureAdmin,
    ReportCommentAdmin,
    ReportTextAdmin,
)
from reports.admin.told import (
    ActionOfYearAdmin,
    DefinitionBreakAdmin,
    FigureNoteAdmin,
    TestimonyAdmin,
    WordCloudAdmin,
)

__all__ = [
    "ActionOfYearAdmin",
    "ActionPlaceAdmin",
    "ChapterOfYearAdmin",
    "DefinitionBreakAdmin",
    "ExternalFigureAdmin",
    "FigureNoteAdmin",
    "ReportCommentAdmin",
    "ReportTextAdmin",
    "TestimonyAdmin",
    "WordCloudAdmin",
    "dashboard",
]
