from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apmsl.lib import typography
from apmsl.lib.typography import MINUS, NBSP, NNBSP

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def plain(text: str) -> str:
    """With ordinary spaces, so that expectations can be read."""
    return text.replace(NBSP, " ").replace(NNBSP, " ")


# -- numbers ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, None, "0"),
        (999, None, "999"),
        (2382, None, "2 382"),
        (1234567, None, "1 234 567"),
        (-1200, None, f"{MINUS}1 200"),
        (7.5, None, "7,5"),
        (Decimal("7.50"), None, "7,5"),
        (Decimal("7.5"), 2, "7,50"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("0.125"), 2, "0,13"),
        (Decimal("-0.4"), 0, "0"),
        (0.1, 3, "0,100"),
        (100, None, "100"),
    ],
)
def test_a_number_is_written_as_in_french(value, decimals, text):
    assert plain(typography.number(value, decimals)) == text


@given(st.integers(-(10**15), 10**15))
def test_a_whole_number_reads_back_and_never_breaks(value):
    text = typography.number(value)

    assert int(text.replace(NNBSP, "").replace(MINUS, "-")) == value
    assert " " not in text
    assert all(len(group) == 3 for group in text.lstrip(MINUS).split(NNBSP)[1:])


@given(
    st.decimals(-(10**9), 10**9, places=4),
    st.integers(0, 3),
)
def test_rounding_is_half_up_as_people_do(value, decimals):
    text = typography.number(value, decimals)
    read = Decimal(text.replace(NNBSP, "").replace(MINUS, "-").replace(",", "."))

    assert read == value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert len(text.partition(",")[2]) == decimals


def test_a_percentage_keeps_its_sign_beside_it():
    assert typography.percent(19) == f"19{NBSP}%"
    assert plain(typography.percent(Decimal("62.07"), 1)) == "62,1 %"


def test_a_share_of_nothing_is_a_dash():
    assert plain(typography.share(15, 81)) == "19 %"
    assert typography.share(3, 0) == "–"
    assert plain(typography.share(1, 8, 1)) == "12,5 %"


@pytest.mark.parametrize(
    ("cents", "exact", "text"),
    [
        (0, False, "0 €"),
        (25000, False, "250 €"),
        (25000, True, "250,00 €"),
        (123450, False, "1 234,50 €"),
        (5, False, "0,05 €"),
        (-1999, False, f"{MINUS}19,99 €"),
    ],
)
def test_money_comes_from_whole_cents(cents, exact, text):
    assert plain(typography.money(cents, exact=exact)) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "1 ko"), (499, "1 ko"), (195_300, "195 ko"), (999_999, "1 000 ko"), (2_449_000, "2,4 Mo")],
)
def test_files_are_weighed_in_thousands_of_octets(size, text):
    assert plain(typography.weight(size)) == text


@given(st.integers(-(10**12), 10**12))
def test_no_cent_is_lost(cents):
    text = typography.money(cents, exact=True)

    assert text.endswith(f"{NBSP}€")
    digits = "".join(c for c in text if c.isdigit())
    assert int(digits) == abs(cents)
    assert text.startswith(MINUS) == (cents < 0)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 réunion"), (1, "1 réunion"), (1.5, "1,5 réunion"), (2, "2 réunions")],
)
def test_the_plural_begins_at_two(count, text):
    assert plain(typography.plural(count, "réunion")) == text


@pytest.mark.parametrize(
    ("word", "words"),
    [("avis", "avis"), ("niveau", "niveaux"), ("lieu", "lieux"), ("prix", "prix")],
)
def test_regular_plurals_are_worked_out(word, words):
    assert typography.agree(3, word) == words


def test_a_phrase_needs_both_its_forms():
    assert plain(typography.plural(4, "groupe local", "groupes locaux")) == "4 groupes locaux"
    with pytest.raises(ValueError, match="groupe local"):
        typography.plural(4, "groupe local")


# -- days and hours --------------------------------------------------------------------------------
def test_a_day_is_written_out():
    assert plain(typography.day(date(2023, 6, 15))) == "15 juin 2023"
    assert plain(typography.day(date(2023, 3, 1))) == "1er mars 2023"
    assert plain(typography.day(date(2023, 6, 15), weekday=True)) == "jeudi 15 juin 2023"
    assert typography.short_day(date(2023, 6, 5)) == "05/06/2023"
    assert typography.month(date(2023, 8, 5)) == "août 2023"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2023, 3, 3), date(2023, 3, 5), "du 3 au 5 mars 2023"),
        (date(2023, 3, 1), date(2023, 3, 5), "du 1er au 5 mars 2023"),
        (date(2023, 3, 30), date(2023, 4, 2), "du 30 mars au 2 avril 2023"),
        (date(2022, 12, 30), date(2023, 1, 2), "du 30 décembre 2022 au 2 janvier 2023"),
        (date(2023, 3, 3), date(2023, 3, 3), "3 mars 2023"),
        (date(2023, 3, 3), None, "3 mars 2023"),
        (datetime(2023, 3, 3, 9, tzinfo=UTC), datetime(2023, 3, 3, 17, tzinfo=UTC), "3 mars 2023"),
    ],
)
def test_a_period_says_nothing_twice(start, end, text):
    assert plain(typography.period(start, end)) == text


@given(days, st.integers(1, 800))
def test_a_period_names_its_two_ends(start, length):
    end = start + timedelta(days=length)
    text = plain(typography.period(start, end))

    assert text.endswith(plain(typography.day(end)))
    assert text.startswith(f"du {'1er' if start.day == 1 else start.day} ")
    assert text.count(str(end.year)) >= 1
    assert (str(start.year) in text.partition(" au ")[0]) == (start.year != end.year)


@given(days)
def test_a_number_never_parts_from_its_month(day):
    assert typography.day(day).split(" ")[0].count(NBSP) == 1


def test_a_link_is_said_to_hold_since_its_start():
    start = date(2019, 9, 1)

    assert plain(typography.since(start, None)) == "depuis le 1er septembre 2019"
    assert plain(typography.since(start, date(2019, 9, 30))) == "du 1er au 30 septembre 2019"


def test_hours_are_written_with_an_h():
    assert plain(typography.clock(time(9))) == "9 h"
    assert plain(typography.clock(time(14, 5))) == "14 h 05"
    assert plain(typography.hours(time(9), time(12, 30))) == "de 9 h à 12 h 30"
    assert plain(typography.hours(time(9), None)) == "à 9 h"


# -- text ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Pourquoi ?", f"Pourquoi{NNBSP}?"),
        ("Pourquoi?", f"Pourquoi{NNBSP}?"),
        ("Vraiment ?!", f"Vraiment{NNBSP}?!"),
        ("Lieu : Angers ; salle 2 !", f"Lieu{NBSP}: Angers{NNBSP}; salle 2{NNBSP}!"),
        ("la « boîte à outils »", f"la «{NBSP}boîte à outils{NBSP}»"),
        ("«mot»", f"«{NBSP}mot{NBSP}»"),
        ("l'équipe d'Angers...", "l’équipe d’Angers…"),
        ("19 % et 250 €", f"19{NBSP}% et 250{NBSP}€"),
        ("19%", "19%"),
        ("https://exemple.fr/?a=1;b", "https://exemple.fr/?a=1;b"),
        ("à 12:30", "à 12:30"),
        ("(vraiment ?)", f"(vraiment{NNBSP}?)"),
        ("", ""),
    ],
)
def test_a_text_is_typeset(typed, printed):
    assert typography.typeset(typed) == printed


@pytest.mark.parametrize("row", [" ", NBSP, ":", "«", "»", "1 ", "a'", "!?"])
def test_a_long_row_of_the_same_signs_is_typeset_at_once(row):
    """Tried again from each of its signs, a row of 100,000 took ten seconds."""
    begun = process_time()

    typography.typeset(f"a{row * (100_000 // len(row))}b")

    assert process_time() - begun < 2


@given(st.text(alphabet=f"ab1 :;?!«»'.%€()\n{NBSP}{NNBSP}", max_size=30))
@example("a:! b")
@example("a . . .")
def test_typesetting_twice_changes_nothing_more(text):
    once = typography.typeset(text)

    assert typography.typeset(once) == once


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=40))
def test_typesetting_keeps_every_letter(text):
    def letters(words: str) -> str:
        return "".join(c for c in words if c.isalnum())

    assert letters(typography.typeset(text)) == letters(text)


def test_a_list_of_words_ends_with_and():
    assert typography.listing([]) == ""
    assert typography.listing(["a"]) == "a"
    assert typography.listing(["a", "b", "c"]) == "a, b et c"
    assert typography.listing(["a", "b"], "ou") == "a ou b"
