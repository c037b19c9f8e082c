from reports.admin.day import dashboard
from reports.admin.records import (
    ChapterOfYearAdmin,
    ExternalFigureAdmin,
    ReportCommentAdmin,
    ReportTextAdmin,
)

__all__ = [
    "ChapterOfYearAdmin",
    "ExternalFigureAdmin",
    "ReportCommentAdmin",
    "ReportTextAdmin",
    "dashboard",
]
