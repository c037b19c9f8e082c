from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apmsl.lib.imports.columns import (
    MISSING,
    Audience,
    Choice,
    Code,
    Day,
    Email,
    Flag,
    Integer,
    Money,
    Month,
    Number,
    Refused,
    Text,
)
from apmsl.lib.imports.fields import column_of
from apmsl.lib.imports.staging import NOTHING, copied
from apmsl.lib.typography import typeset
from members.models import Person, Position, Team

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
HOURS = Number("hours", least=Decimal(0), most=Decimal(9_999), places=1)


def refusal(column, cell: str) -> str:
    with pytest.raises(Refused) as refused:
        column.read(cell)
    return typeset(str(refused.value)).replace("\u00a0", " ").replace("\u202f", " ")


@given(DAYS)
def test_a_day_is_read_as_iso_and_as_french_spreadsheets_write_it(day):
    assert Day("day").read(day.isoformat()) == day
    assert Day("day").read(f" {day:%d/%m/%Y} ") == day


@given(st.integers(1900, 2100), st.integers(1, 99), st.integers(1, 99))
def test_a_day_that_does_not_exist_is_refused_and_no_other(year, month, day):
    cell = f"{year}-{month:02}-{day:02}"
    try:
        expected = date(year, month, day)
    except ValueError:
        assert refusal(Day("day"), cell) == f"la date « {cell} » n’existe pas."
    else:
        assert Day("day").read(cell) == expected


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_is_refused(cell):
    try:
        value = Day("day").read(cell)
    except Refused:
        return
    assert value is None or isinstance(value, date)


@pytest.mark.parametrize("cell", ["2023-2-3", "20230203", "2023-02-03T00:00", "hier", "٢٠٢٣-٠٢-٠٣"])
def test_what_is_not_written_as_a_day_is_refused(cell):
    assert refusal(Day("day"), cell) == f"« {cell} » n’est pas une date : attendu AAAA-MM-JJ."


@given(st.decimals(0, 9_999, places=1, allow_nan=False, allow_infinity=False))
def test_a_number_is_read_with_a_point_or_a_comma(value):
    assert HOURS.read(str(value)) == value
    assert HOURS.read(str(value).replace(".", ",")) == value


@given(st.integers(0, 1_000_000_000))
def test_an_amount_is_read_and_shown_to_the_cent(cents):
    euros = Decimal(cents) / 100

    assert Money("amount").read(f"{euros:.2f}") == euros
    assert Money("amount").show(cents) == euros


@given(st.text(min_size=1, max_size=20))
def test_a_code_is_kept_as_it_is_or_refused(cell):
    assume(cell.strip())
    try:
        value = Code("code").read(cell)
    except Refused:
        assert not cell.strip().isascii() or not all(
            c.isalnum() or c in "._-" for c in cell.strip()
        )
    else:
        assert value == cell.strip()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_text_reaches_copy_on_one_line_and_comes_back(text):
    escaped = copied(text)

    assert "\n" not in escaped
    assert "\t" not in escaped
    assert escaped != NOTHING
    assert escaped.replace("\\\\", "\\") == text


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        (Text("name", required=True), "  ", MISSING),
        (Text("name", most=3), "abcd", "texte trop long : 4 caractères, 3 au plus."),
        (Text("name"), "a\x00b", "caractère de contrôle interdit."),
        (
            Code("code"),
            "É 1",
            (
                "code « É 1 » mal formé : lettres sans accent, chiffres, tiret, point et tiret bas "
                "seulement."
            ),
        ),
        (Integer("n"), "12,5", "« 12,5 » n’est pas un nombre entier."),
        (Integer("n", most=100), "101", "101 est hors limites : de 0 à 100."),
        (Integer("n"), "-1", "−1 est hors limites : de 0 à 2 147 483 647."),
        (HOURS, "1e3", "« 1e3 » n’est pas un nombre."),
        (HOURS, "NaN", "« NaN » n’est pas un nombre."),
        (HOURS, "7.25", "« 7.25 » a trop de décimales : une décimale au plus."),
        (Money("amount"), "-3", "−3 est hors limites : de 0 à 10 000 000."),
        (Month("month"), "2023-13", "la date « 2023-13 » n’existe pas."),
        (Month("month"), "mars 2023", "« mars 2023 » n’est pas un mois : attendu AAAA-MM."),
        (Day("day"), "0203-05-04", "l’année 203 est hors limites : de 1900 à 2100."),
        (Flag("yes"), "oui", "« oui » n’est ni 0 (non) ni 1 (oui)."),
        (Email("email"), "a@", "« a@ » n’est pas une adresse électronique."),
        (
            Choice("kind", choices=(("msp", "MSP"), ("esp", "ESP"), ("x", "X"))),
            "mps",
            "« mps » est inconnu : attendu msp, esp ou x.",
        ),
        (
            Audience("audience", choices=(("public", "Tout le monde"),)),
            "voisins",
            "« voisins » est inconnu : attendu public.",
        ),
    ],
)
def test_what_is_refused_says_why(column, cell, reason):
    assert refusal(column, cell) == reason


def test_a_long_cell_is_quoted_short_and_on_one_line():
    assert refusal(
        Integer("n"), "mot\n" * 30
    ) == "« mot mot mot mot mot mot mot mot mot mot… » " + ("n’est pas un nombre entier.")


def test_french_labels_are_understood_beside_codes():
    kind = Choice("kind", choices=(("msp", "Maison de santé"),))

    assert kind.read("Maison de santé") == kind.read("msp") == "msp"
    assert kind.show("msp") == "Maison de santé"


def test_an_audience_is_a_word_or_a_list_of_keys():
    column = Audience("audience", choices=(("public", "Tout le monde"),))

    assert column.read("Tout le monde") == "public"
    assert column.read("members department:44 members") == "department:44 members"


def test_a_column_knows_what_its_field_says():
    assert column_of(Team, "name") == Text("name", label="nom", required=True, most=150)
    assert column_of(Team, "sites") == Integer(
        "sites", label="nombre de sites", default="1", most=32_767
    )
    assert column_of(Person, "self_employed").read("") is False
    assert column_of(Position, "monthly_hours").read("7,5") == Decimal("7.5")
