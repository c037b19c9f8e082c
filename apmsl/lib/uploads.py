"""Files that people upload: checked by what they hold, for a name can say anything."""

import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError

from apmsl.lib.pictures import is_affordable
from apmsl.lib.typography import listing, typeset, weight

LARGEST = 20_000_000  # bytes
_UNFOLDED = 200_000_000  # bytes once unzipped: beyond, it is made to fill the disk
# What reading a file with a few wrong bytes raises, besides what its reader promises.
_DAMAGED = (
    *(OSError, EOFError, ValueError, LookupError, TypeError),
    *(SyntaxError, NotImplementedError, struct.error),
)
_TAIL = 2048  # where a PDF says that it ends


def check_document(file: Any) -> None:
    """Validator of a file field: a document that people can open, whole and of a sane size."""
    suffix = PurePath(file.name or "").suffix.lower()
    if suffix not in _HOLDS:
        raise ValidationError(
            typeset(f"Ce type de fichier n’est pas accepté. Choisissez {listing(_NAMES, 'ou')}.")
        )
    if file.size > LARGEST:
        raise ValidationError(
            f"Ce fichier est trop lourd ({weight(file.size)}) : {weight(LARGEST)} au plus."
        )
    if not file.size:
        raise ValidationError("Ce fichier est vide.")
    file.seek(0)
    if not _HOLDS[suffix](file):
        raise ValidationError(
            typeset(
                f"Ce fichier porte l’extension « {suffix} » mais n’en a pas le contenu : "
                "enregistrez-le à nouveau depuis son logiciel."
            )
        )
    file.seek(0)


def _is_pdf(file: IO[bytes]) -> bool:
    begins = file.read(5) == b"%PDF-"
    file.seek(0, 2)
    file.seek(max(file.tell() - _TAIL, 0))
    return begins and b"%%EOF" in file.read()


def _is_picture(*kinds: str) -> Callable[[IO[bytes]], bool]:
    def check(file: IO[bytes]) -> bool:
        try:
            with warnings.catch_warnings():
                # It is not unfolded here: whoever draws it refuses what is too large.
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                with Image.open(file, formats=kinds) as picture:
                    picture.verify()
                file.seek(0)
                with Image.open(file, formats=kinds) as picture:
                    # The verification of a JPEG reads no further than its head.
                    if picture.format == "JPEG" and is_affordable(picture, width=64):
                        picture.load()
        except (UnidentifiedImageError, Image.DecompressionBombError, *_DAMAGED):
            return False
        return True

    return check


def _is_archive_with(*members: str) -> Callable[[IO[bytes]], bool]:
    """The documents of office suites are archives; ``members`` begin the names that they hold."""

    def check(file: IO[bytes]) -> bool:
        try:
            with zipfile.ZipFile(file) as archive:
                files = archive.infolist()
        except (zipfile.BadZipFile, *_DAMAGED):
            return False
        names = [info.filename for info in files]
        held = all(any(name.startswith(member) for name in names) for member in members)
        return held and sum(info.file_size for info in files) <= _UNFOLDED

    return check


_OPEN_DOCUMENT = _is_archive_with("mimetype", "content.xml")
_HOLDS: dict[str, Callable[[IO[bytes]], bool]] = {
    ".pdf": _is_pdf,
    ".docx": _is_archive_with("[Content_Types].xml", "word/"),
    ".xlsx": _is_archive_with("[Content_Types].xml", "xl/"),
    ".pptx": _is_archive_with("[Content_Types].xml", "ppt/"),
    ".odt": _OPEN_DOCUMENT,
    ".ods": _OPEN_DOCUMENT,
    ".odp": _OPEN_DOCUMENT,
    ".png": _is_picture("PNG"),
    ".jpg": _is_picture("JPEG"),
    ".jpeg": _is_picture("JPEG"),
}
_NAMES = ("un PDF", "un document Word, Excel, PowerPoint ou LibreOffice", "une image PNG ou JPEG")
