from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apmsl.demo import expected
from apmsl.lib import rounding

counts = st.integers(0, 10_000_000)
amounts = st.decimals(0, 1_000_000, places=3)
digits = st.integers(0, 3)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Decimal("0.5"), 0, 1),
        (Decimal("1.5"), 0, 2),
        (Decimal("2.5"), 0, 3),
        (Decimal("2.45"), 1, 2.5),
        (Decimal("42"), 1, 42.0),
        (7, 0, 7),
    ],
)
def test_halves_go_up(value, places, rounded):
    assert rounding.half_up(value, places) == rounded
    assert type(rounding.half_up(value, places)) is type(rounded)


def test_a_share_or_a_mean_of_nothing_is_nothing():
    assert rounding.percent(0, 0) is None
    assert rounding.mean(0, 0) is None
    assert rounding.median([]) is None


@given(amounts, digits)
def test_half_up_rounds_as_the_reference_does(value, places):
    assert rounding.half_up(value, places) == expected.half_up(value, places)


@given(counts, counts, digits)
def test_shares_are_those_of_the_reference(part, whole, places):
    assert rounding.percent(part, whole, places) == expected.percent(part, whole, places)


@given(amounts, counts, digits)
def test_means_are_those_of_the_reference(total, count, places):
    assert rounding.mean(total, count, places) == expected.ratio(total, count, places)


@given(st.lists(st.integers(0, 500)))
def test_medians_are_those_of_the_reference(values):
    assert rounding.median(values) == expected.median(values)
