"""The pieces of a year as one ZIP: a run, since each is drawn."""

import hashlib
import io
import zipfile
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from apmsl.jobs.models import Draft, Kind, Refused, Run
from apmsl.jobs.models.kinds import Beat, Params, register
from apmsl.lib import pdf
from members.access import BOARD, STAFF
from members.builders.pieces import piece_filename, piece_html
from members.models import Piece

KIND = "pieces"
# A date that a ZIP can hold; the same pieces give the same file.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def register_kind() -> None:
    register(Kind(KIND, draft, _for_the_treasurer, _to_the_pieces))


def draft(params: Params) -> Draft:
    year = int(params["year"])
    pieces = _pieces(year)
    if not pieces.exists():
        raise Refused(f"Aucune pièce n’a été émise en {year}.")
    return Draft(f"pieces-{year}.zip", _digest(pieces), lambda beat: _zip(pieces, beat))


def _pieces(year: int) -> QuerySet[Piece]:
    pieces = Piece.objects.filter(year=year).with_debt().select_related("cancels")
    return pieces.order_by("kind", "number", "pk")


def _digest(pieces: QuerySet[Piece]) -> str:
    """Pieces never change; what is printed beside them may."""
    sha = hashlib.sha256(settings.FEDERATION_NAME.encode())
    for value in (settings.FEDERATION_ADDRESS, settings.FEDERATION_SIRET, settings.FEDERATION_IBAN):
        sha.update(f"\n{value}".encode())
    due = Coalesce("membership__due_on", "charge__due_on")
    for piece_id, due_on in pieces.values_list("pk", due):
        sha.update(f"\n{piece_id} {due_on}".encode())
    return sha.hexdigest()


def _zip(pieces: QuerySet[Piece], beat: Beat) -> bytes:
    content, total = io.BytesIO(), pieces.count()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for done, piece in enumerate(pieces.iterator(chunk_size=200)):
            beat(done, total)
            name = zipfile.ZipInfo(f"{piece.title}/{piece_filename(piece)}", _EPOCH)
            archive.writestr(name, pdf.render(piece_html(piece)))
    return content.getvalue()


def _for_the_treasurer(user: Any) -> Q | None:
    return Q() if (STAFF | BOARD).allows(user) else None


def _to_the_pieces(run: Run) -> str:
    return reverse("admin:members_piece_changelist")
