"""Square codes that a telephone reads, as pictures inside a document."""

import base64

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # modules left white around it, without which some telephones read nothing


def picture(text: str) -> str:
    """The code of ``text`` as the address of an SVG picture (``data:``)."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    return "data:image/svg+xml;base64," + base64.b64encode(_svg(rows).encode()).decode()


def _svg(rows: list[list[bool]]) -> str:
    drawn = "".join(
        f"M{start},{y}h{end - start}v1h-{end - start}z"
        for y, row in enumerate(rows)
        for start, end in _runs(row)
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0,0h{size}v{size}h-{size}z"/><path d="{drawn}"/></svg>'
    )


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark modules follow each other: one stroke for all of them."""
    bounds = [x for x in range(len(row) + 1) if (x and row[x - 1]) != (x < len(row) and row[x])]
    return list(zip(bounds[::2], bounds[1::2], strict=True))
