"""Documents: our engine beside the naive call, and beside a browser kept open.

The naive call is ``weasyprint.HTML(string=…).write_pdf()`` on the same HTML, in a warm process that
shares nothing between two calls; it may only read the same static files. It does not even tag its
PDF. Chromium prints the same HTML, tagged too.
"""

import mimetypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.test")
django.setup()

import weasyprint  # noqa: E402  after the settings
from playwright.sync_api import Page, Route, sync_playwright  # noqa: E402

from apmsl.lib import pdf  # noqa: E402
from apmsl.lib.pdf import files  # noqa: E402
from bench import measure  # noqa: E402
from reports.builders import activity, scans  # noqa: E402
from tests.reports import examples  # noqa: E402


def naive(html: str) -> bytes:
    document = weasyprint.HTML(
        string=html, base_url=files.base_address(), url_fetcher=files.OwnFilesOnly()
    )
    return document.write_pdf()


def one_scan() -> bool:
    html = scans.team_html(examples.team_sheet())
    return measure.ratio(
        "scan, against the naive call",
        lambda: pdf.render(html),
        lambda: naive(html),
        goal=0.75,
        n=15,
    )


def one_scan_and_chromium() -> bool:
    html = scans.team_html(examples.team_sheet())
    with chromium(html) as page:
        return measure.ratio(
            "scan, against Chromium",
            lambda: pdf.render(html),
            lambda: print_in(page),
            goal=1.5,
            n=15,
        )


def activity_report() -> bool:
    html = activity.html(examples.long_report())
    with chromium(html) as page:
        return measure.ratio(
            "activity report of seventy pages and forty drawings, against Chromium",
            lambda: pdf.render(html),
            lambda: print_in(page),
            goal=2,
            n=5,
        )


def preview() -> bool:
    """A chapter as the staff writes it, from its figures to its PDF, beside the whole."""
    material = examples.material()

    def printed(only: str = "") -> bytes:
        return pdf.render(activity.html(activity.compose(material, only=only)))

    return measure.ratio(
        "preview of a chapter, against the whole report",
        lambda: printed("network"),
        printed,
        goal=0.2,
        n=7,
    )


@contextmanager
def chromium(html: str) -> Iterator[Page]:
    """A browser kept open, which is given the document and our static files without a server."""

    def answer(route: Route) -> None:
        name = files.static_name(route.request.url)
        path = files.static_path(name) if name else None
        if path is None:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(path=path, content_type=mimetypes.guess_type(path.name)[0] or "")

    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        page.route("**/*", answer)
        yield page
        browser.close()


def print_in(page: Page) -> bytes:
    page.goto(f"{files.base_address()}document")
    return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)


def main() -> bool:
    pdf.preload()
    return all([one_scan(), one_scan_and_chromium(), activity_report(), preview()])


if __name__ == "__main__":
    sys.exit(not main())
