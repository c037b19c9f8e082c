"""Private files: written whole or not at all, handed out by views that have checked the right."""

import errno
import mimetypes
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

_FULL = {errno.ENOSPC, errno.EDQUOT}
_PARTIAL = ".part"
# Nobody writes one file for so long: whoever began it is dead.
LEFT_BEHIND = 24 * 3600  # seconds


def is_full(failure: BaseException | None) -> bool:
    """The disk had no room for what was to be written."""
    return isinstance(failure, OSError) and failure.errno in _FULL


class WholeFiles(FileSystemStorage):
    """A file appears under its name once it is complete: a process killed while writing, or a full
    disk, leaves no half of it."""

    def _save(self, name: str, content: "File[Any]") -> str:
        partial = f"{name}.{secrets.token_hex(8)}{_PARTIAL}"
        try:
            super()._save(partial, content)  # type: ignore[misc]  # the stubs leave it out
            _flush(self.path(partial))
            while True:
                try:
                    # A link refuses a name that is taken, where a renaming would overwrite it.
                    os.link(self.path(partial), self.path(name))
                except FileExistsError:
                    name = self.get_available_name(name)
                else:
                    return name
        finally:
            self.delete(partial)

    def sweep(self) -> int:
        """Delete what processes that were killed while writing left behind; how many files."""
        left = list(self._left_behind())
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _left_behind(self) -> Iterator[Path]:
        before = time.time() - LEFT_BEHIND
        for path in Path(self.location).rglob(f"*{_PARTIAL}"):
            if path.stat().st_mtime < before:
                yield path


def _flush(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def attachment(file: FieldFile, filename: str) -> HttpResponseBase:
    """The response that downloads a stored file: by the proxy where there is one, else by ourselves.

    The caller has loaded the object through ``visible_to(user)``.
    """
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    response: HttpResponseBase
    if settings.PRIVATE_FILES_URL:
        response = HttpResponse()
        response["X-Accel-Redirect"] = settings.PRIVATE_FILES_URL + quote(file.name or "")
    else:
        response = FileResponse(file.open("rb"))
    response["Content-Type"] = kind
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
