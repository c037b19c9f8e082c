from reports.admin.day import dashboard
from reports.admin.records import ExternalFigureAdmin, ReportCommentAdmin, ReportTextAdmin

__all__ = ["ExternalFigureAdmin", "ReportCommentAdmin", "ReportTextAdmin", "dashboard"]
