"""« ?export=teams.png »: what a page shows, taken away. One way for every drawing and every table."""

from collections.abc import Callable, Iterable, Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from apmsl.lib import pdf
from apmsl.lib.charts import Drawing, text
from apmsl.lib.charts.base import n
from apmsl.lib.exports import csv_response, xlsx_response
from apmsl.lib.templatetags.charts import drawing
from reports.builders.exhibits import Exhibit

SVG, PNG = "image/svg+xml; charset=utf-8", "image/png"
# Enough for a slide, or for half a page in print.
PIXELS = 1600
# Of the title above a drawing that stands alone, and of the remarks below.
_SIZE, _LEADING, _SMALL = 15.0, 19.0, 11.0


def taken(request: HttpRequest, exhibits: Iterable[Exhibit], name: str) -> HttpResponseBase | None:
    """The file that the address asks for; None where it asks for the page. ``name`` of the page
    begins the name of the file."""
    asked = request.GET.get("export")
    if asked is None:
        return None
    key, _, kind = asked.rpartition(".")
    for exhibit in exhibits:
        if exhibit.key == key and kind in {file.rpartition(".")[2] for file, _ in exhibit.files}:
            return _WRITERS[kind](exhibit, f"{name}-{asked}")
    raise Http404


def standing(shape: Drawing) -> str:
    """A drawing that stands alone: its title above, what must be said of it below."""
    width, height = float(shape.width), float(shape.height)
    titles = text.wrap(shape.title, width, _SIZE, lines=4)
    top = 15 + len(titles) * _LEADING
    notes = [line for note in shape.remarks for line in text.wrap(note, width, _SMALL, lines=2)]
    context = {
        "svg": drawing(shape),
        "title": shape.title,
        "description": shape.description,
        "width": n(width),
        "inner": n(height),
        "top": n(top),
        "height": n(top + height + len(notes) * 15 + 8),
        "titles": [(n(18 + rank * _LEADING), line) for rank, line in enumerate(titles)],
        "notes": [(n(top + height + 15 + rank * 15), line) for rank, line in enumerate(notes)],
    }
    return render_to_string("reports/chart.svg", context)


def _svg(exhibit: Exhibit, filename: str) -> HttpResponse:
    return _file(_drawn(exhibit), SVG, filename)


def _png(exhibit: Exhibit, filename: str) -> HttpResponse:
    return _file(pdf.picture(_drawn(exhibit), width=PIXELS), PNG, filename)


def _drawn(exhibit: Exhibit) -> str:
    if exhibit.drawing is None:
        raise Http404
    return standing(exhibit.drawing)


def _file(content: str | bytes, content_type: str, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _xlsx(exhibit: Exhibit, filename: str) -> HttpResponseBase:
    return xlsx_response(filename, exhibit.headers, exhibit.rows)


def _csv(exhibit: Exhibit, filename: str) -> HttpResponseBase:
    return csv_response(filename, exhibit.headers, exhibit.rows)


_WRITERS: Mapping[str, Callable[[Exhibit, str], HttpResponseBase]] = {
    "svg": _svg,
    "png": _png,
    "xlsx": _xlsx,
    "csv": _csv,
}
