"""Lists that are imported from sheets and exported to them."""

from typing import Any, ClassVar

from import_export.admin import ImportExportModelAdmin

from apmsl.lib.admin.model import PortalModelAdmin
from apmsl.lib.imports.resource import SheetsMixin, resource_of


class SheetsModelAdmin(SheetsMixin, ImportExportModelAdmin, PortalModelAdmin):
    """``table`` names the declared table: the rules of its rows are those of the take-over."""

    table: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.resource_classes = [resource_of(cls.table)]
