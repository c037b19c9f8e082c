"""The only files that a document may use: our own static files, and data inside the document.

Everything else is refused: a text typed by a member must make the server read neither its own disk
(``file://``) nor an address of the network (``http://``), even by way of a redirect.
"""

import mimetypes
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from weasyprint.urls import URLFetcher, URLFetcherResponse, URLFetchingError


class RefusedAddress(URLFetchingError):
    """WeasyPrint logs it and draws the document without the file."""


def base_address() -> str:
    """What relative addresses of a document are relative to: links lead to the portal."""
    return urljoin(f"{settings.PORTAL_URL}/", "/")


def static_address(name: str) -> str:
    """The address of a static file, whether collected (its name carries a hash) or not."""
    return urljoin(base_address(), staticfiles_storage.url(name))


def static_name(address: str) -> str | None:
    """« http://portal/static/css/a.css?x » → « css/a.css »; None when it is no static file of ours."""
    root = urljoin(base_address(), settings.STATIC_URL)
    if not address.startswith(root):
        return None
    return unquote(urlsplit(address[len(root) :]).path)


def static_path(name: str) -> Path | None:
    """Where the file lies: among the collected ones (their names carry a hash), else in the sources."""
    try:
        collected = Path(staticfiles_storage.path(name)) if settings.STATIC_ROOT else None
        if collected is not None and collected.is_file():
            return collected
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    return Path(found) if isinstance(found, str) and Path(found).is_file() else None


class OwnFilesOnly(URLFetcher):
    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        name = static_name(url)
        path = static_path(name) if name else None
        if path is None:
            raise RefusedAddress(f"not a file of ours: {url}")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
