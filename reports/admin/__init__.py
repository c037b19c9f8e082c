from reports.admin.day import dashboard
from reports.admin.records import ExternalFigureAdmin, ReportTextAdmin

__all__ = ["ExternalFigureAdmin", "ReportTextAdmin", "dashboard"]
