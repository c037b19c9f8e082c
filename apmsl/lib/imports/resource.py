"""A declared table as a django-import-export Resource, and what the admin needs around it.

Import: a preview that writes nothing, then the same again for good; exports: the columns that an
import reads, so that a sheet may be exported, corrected and imported back.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from import_export.fields import Field
from import_export.resources import Resource
from import_export.results import Result
from tablib import Dataset
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from apmsl.lib.dates import today
from apmsl.lib.imports import exports, formats, tables
from apmsl.lib.imports.sheets import Sheet
from apmsl.lib.typography import plural, typeset


class TableResource(Resource):
    name: ClassVar[str]

    @property
    def table(self) -> tables.Table:
        return tables.table(self.name)  # now: an upper app may have extended it

    def import_data(self, dataset: Dataset, dry_run: bool = False, **options: Any) -> Result:
        source = str(options.get("file_name") or self.table.file)
        return Sheet(self.table, dataset).take(dry_run=dry_run, source=f"import {source}")

    def export(self, *args: Any, queryset: QuerySet[Any] | None = None, **options: Any) -> Dataset:
        if queryset is None:
            queryset = self.table.model._default_manager.order_by("pk")
        dataset = Dataset(headers=exports.headers(self.table), title=self.table.label[:31])
        for row in exports.rows(self.table, queryset):
            dataset.append(row)
        return dataset

    def get_user_visible_fields(self) -> list[Field]:
        return [Field(column_name=exports.header_of(column)) for column in self.table.columns]

    @classmethod
    def get_display_name(cls) -> str:
        return tables.table(cls.name).label


def resource_of(name: str) -> type[TableResource]:
    """The Resource of a declared table: ``resource_classes = [resource_of("teams")]``."""
    title = "".join(word.capitalize() for word in name.split("_"))
    return type(f"{title}Resource", (TableResource,), {"name": name})


class SheetsMixin:
    """For a ModelAdmin that imports or exports, before import-export's own mixins."""

    formats = formats.FORMATS
    import_form_class = ImportForm
    export_form_class = ExportForm
    skip_export_form_from_action = False
    resource_classes: ClassVar[list[type[TableResource]]] = []

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        if isinstance(e, formats.Unreadable):
            form.add_error("import_file", str(e))
        else:
            super().add_data_read_fail_error_to_form(form, e)  # type: ignore[misc]

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        table = self.resource_classes[0].name
        return f"{table}-{today():%Y-%m-%d}.{file_format.get_extension()}"

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Between the preview and the confirmation the records may have changed."""
        if result.has_errors() or result.has_validation_errors():
            told = plural(result.totals["invalid"], "erreur")
            messages.error(
                request, typeset(f"Rien n’a été importé : {told}. Recommencez l’import.")
            )
            info = self.get_model_info()  # type: ignore[attr-defined]
            return HttpResponseRedirect(reverse(f"admin:{info[0]}_{info[1]}_import"))
        done: HttpResponse = super().process_result(result, request)  # type: ignore[misc]
        return done

    def add_success_message(self, result: Result, request: HttpRequest) -> None:
        totals = result.totals
        told = (
            f"Import terminé : {plural(totals['new'], 'création')}, "
            f"{plural(totals['update'], 'modification')}, {totals['skip']} sans changement."
        )
        messages.success(request, typeset(told))
