"""Private files: written whole or not at all, handed out by views that have checked the right."""

import mimetypes
import os
import secrets
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header


class WholeFiles(FileSystemStorage):
    """A file appears under its name once it is complete: a process killed while writing, or a full
    disk, leaves no half of it."""

    def _save(self, name: str, content: "File[Any]") -> str:
        partial = f"{name}.{secrets.token_hex(8)}.part"
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
