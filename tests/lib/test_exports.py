from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apmsl.lib import exports


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "oui"),
        (False, "non"),
        (12, "12"),
        (-3, "-3"),
        (Decimal("7.5"), "7,5"),
        (date(2023, 6, 15), "2023-06-15"),
        (datetime(2023, 6, 15, 8, tzinfo=UTC), "2023-06-15 10:00"),
        ("Anne", "Anne"),
        ("=1+1", "'=1+1"),
        ("+33 2 40", "'+33 2 40"),
        ("-2", "'-2"),
        ("@cmd", "'@cmd"),
        ("\tx", "'\tx"),
    ],
)
def test_a_cell_is_written_for_a_spreadsheet(value, cell):
    assert exports.cell(value) == cell


def test_lines_are_separated_and_quoted():
    lines = list(exports.lines(["Équipe", "Où"], [["A;B", 'dit "oui"']]))

    assert lines == ["\ufeffÉquipe;Où\r\n", '"A;B";"dit ""oui"""\r\n']
