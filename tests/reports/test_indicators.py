"""The figures of whole federations, held against the reference that reads their files."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from apmsl.demo import expected
from apmsl.lib import rounding
from reports import indicators
from reports.indicators import Kind

pytestmark = pytest.mark.xdist_group("indicators")

# The whole set of figures, whatever the size: grouped by population, never by figure.
QUERIES = 50

of_2023 = pytest.mark.parametrize("federation", ["2023"], indirect=True)

DAYS = {
    "year-end": lambda year: None,
    "june": lambda year: date(year, 6, 30),
    "odd-day": lambda year: date(year, 10, 17),
    "new-year": lambda year: date(year, 1, 1),
    "year-before": lambda year: date(year - 1, 11, 15),
    "year-after": lambda year: date(year + 1, 5, 3),
}


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_every_figure_equals_the_reference(federation, day):
    as_of = day(federation.year)

    computed = indicators.compute(federation.year, as_of)

    reference = expected.indicators(federation.folder, as_of)
    assert computed == reference
    assert json.dumps(computed) == json.dumps(reference), "another order, or 9 instead of 9.0"


@pytest.mark.parametrize("year", [2019, 2031])
def test_another_year_of_the_same_federation_equals_the_reference(federation, year, tmp_path):
    for path in federation.folder.glob("*.csv"):
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "dataset.json").write_text(json.dumps({"year": year}))

    assert indicators.compute(year) == expected.indicators(tmp_path)


@pytest.mark.django_db
def test_without_any_record_figures_are_zero_or_nothing(tmp_path):
    (tmp_path / "dataset.json").write_text('{"year": 2023}')

    assert indicators.compute(2023) == expected.indicators(tmp_path)


def test_figures_take_as_many_queries_for_a_large_federation_as_for_a_small_one(
    federation, record_queries
):
    with record_queries() as queries:
        indicators.compute(federation.year)

    assert len(queries) == QUERIES <= 60


@of_2023
def test_figures_asked_together_share_their_queries(federation, record_queries):
    with record_queries() as queries:
        read = indicators.readings(2023, ids=["teams", "teams_constituted", "teams_multi_site_pct"])

    assert [reading.value for reading in read.values()] == [91, 81, 81]
    assert len(queries) == 1


@of_2023
def test_one_figure_asks_for_itself_alone(federation, record_queries):
    with record_queries() as queries:
        assert indicators.get("local_groups").value(2023) == 7

    assert len(queries) == 1


# -- the list behind a figure ----------------------------------------------------------------------
def behind(federation, as_of, *kinds):
    read = indicators.readings(federation.year, as_of)
    return [
        (reading, list(reading.indicator.records(federation.year, as_of).queryset))
        for reading in read.values()
        if reading.indicator.kind in kinds
    ]


lists_on = pytest.mark.parametrize(
    "day", [DAYS["year-end"], DAYS["june"]], ids=["year-end", "june"]
)


@lists_on
def test_a_count_is_the_length_of_its_list(federation, day):
    found = behind(federation, day(federation.year), Kind.COUNT)

    assert {r.id: len(records) for r, records in found} == {r.id: r.value for r, _ in found}
    assert len(found) > 100


@lists_on
def test_a_sum_is_that_of_the_amounts_of_its_list(federation, day):
    found = behind(federation, day(federation.year), Kind.SUM)

    summed = {r.id: sum(record.amount for record in records) for r, records in found}
    assert summed == {r.id: r.value for r, _ in found}
    assert "patients" in summed


@lists_on
def test_a_share_is_that_of_the_records_counted_in_its_list(federation, day):
    found = behind(federation, day(federation.year), Kind.SHARE)

    shares = {
        r.id: rounding.percent(sum(record.counted for record in records), len(records))
        for r, records in found
    }
    assert shares == {r.id: r.value for r, _ in found}
    assert "coordinators_pacte_pct" in shares


@lists_on
def test_a_mean_is_that_of_its_list(federation, day):
    found = behind(federation, day(federation.year), Kind.MEAN)
    from_amounts = [(r, records) for r, records in found if not r.id.startswith("letters_")]

    means = {
        r.id: rounding.mean(sum(record.amount for record in records), len(records))
        for r, records in from_amounts
    }
    assert means == {r.id: r.value for r, _ in from_amounts}
    assert set(means) == {"categories_mean", "signatories_mean"}


@lists_on
def test_a_breakdown_divides_its_list(federation, day):
    found = behind(federation, day(federation.year), Kind.BREAKDOWN)

    def divided(value):
        return sum(of if isinstance(of, int) else of[0] for of in value.values())

    assert {r.id: divided(r.value) for r, _ in found} == {r.id: len(rows) for r, rows in found}
    assert len(found) == 5


@lists_on
def test_the_departments_of_an_event_are_those_of_the_teams_in_its_list(federation, day):
    found = [
        (reading, records)
        for reading, records in behind(federation, day(federation.year), Kind.FACT)
        if reading.id.endswith("_departments")
    ]

    departments = {r.id: len({team.department for team in teams}) for r, teams in found}
    assert departments == {r.id: r.value for r, _ in found}
    assert len(found) == 11


@of_2023
def test_a_list_is_printed_in_one_query(federation, record_queries):
    printed = {}
    for name, indicator in indicators.REGISTRY.items():
        with record_queries() as queries:
            list(indicator.records(2023).rows())
        printed[name] = len(queries)

    # The cohorts of the year are asked first.
    assert {n for n, queries in printed.items() if queries > 1} == {
        name for name in printed if name.startswith(("pacte_", "communication_"))
    }
    assert max(printed.values()) == 2


@of_2023
def test_a_list_is_ordered_to_the_last_and_fills_its_columns(federation):
    values = indicators.compute(2023)
    for name, indicator in indicators.REGISTRY.items():
        records = indicator.records(2023)
        rows = list(records.rows(records.queryset[:20]))
        assert records.queryset.query.order_by[-1] == "pk", name
        assert {len(row.cells) for row in rows} <= {len(records.headers)}, name
        assert all(cell and isinstance(cell, str) for row in rows for cell in row.cells), name
        assert rows or values[name] in (0, None), name


# -- the command -----------------------------------------------------------------------------------
def printed(*arguments):
    out = io.StringIO()
    call_command("indicators", *arguments, stdout=out)
    return out.getvalue()


@of_2023
def test_the_command_prints_the_reference_to_the_letter(federation):
    reference = expected.indicators(federation.folder, date(2023, 6, 30))

    shown = printed("2023", "--as-of", "2023-06-30")

    assert shown == json.dumps(reference, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Donnez une année : « manage.py indicators 2023 »."),
        (["vingt"], "« vingt » n’est pas une année : écrivez-la en chiffres, comme 2023."),
        (["0"], "« 0 » n’est pas une année : écrivez-la en chiffres, comme 2023."),
        (["10000"], "« 10000 » n’est pas une année : écrivez-la en chiffres, comme 2023."),
        (
            ["2023", "--as-of", "30/06/2023"],
            "« 30/06/2023 » n’est pas une date : écrivez-la comme 2023-06-30.",
        ),
        (
            ["2023", "--as-of", "2023-02-30"],
            "« 2023-02-30 » n’est pas une date : écrivez-la comme 2023-06-30.",
        ),
    ],
)
def test_the_command_says_in_french_what_it_cannot_read(arguments, message):
    with pytest.raises(CommandError) as refusal:
        printed(*arguments)

    assert str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ") == message
