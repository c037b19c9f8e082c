"""Files that people send: known by what they hold, whatever their name says."""

import zipfile
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError

MOST_BYTES = 20 * 1024 * 1024
_BEGINNINGS = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
}
# Office files are archives: each kind is known by a member that the others lack.
_MEMBERS = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".pptx": "ppt/presentation.xml",
    ".odt": "content.xml",
    ".ods": "content.xml",
}


def validate_document(file: Any) -> None:
    """A document, a table, slides, a PDF or a picture, and truly one."""
    if file.size > MOST_BYTES:
        raise ValidationError("Ce fichier dépasse 20 Mo.")
    suffix = PurePath(file.name).suffix.lower()
    if suffix not in _BEGINNINGS and suffix not in _MEMBERS:
        raise ValidationError("Joignez un PDF, une image, ou un fichier de bureautique.")
    if not _is_a(suffix, file):
        raise ValidationError(f"Ce fichier n’est pas ce que son nom annonce ({suffix}).")


def _is_a(suffix: str, file: Any) -> bool:
    file.seek(0)
    try:
        if suffix in _BEGINNINGS:
            beginning: bytes = file.read(16)
            return beginning.startswith(_BEGINNINGS[suffix])
        with zipfile.ZipFile(file) as archive:
            return _MEMBERS[suffix] in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    finally:
        file.seek(0)
