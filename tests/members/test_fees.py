"""The fee is a calculation: whatever the scale, it can be checked line by line."""

from hypothesis import given
from hypothesis import strategies as st

from apmsl.lib.typography import NBSP
from members.services.fees import Scale, Step, fee

CENTS = st.integers(0, 20_000)


@st.composite
def scales(draw):
    starts = draw(st.sets(st.integers(2, 60), max_size=4))
    steps = [Step(start, draw(CENTS)) for start in [1, *sorted(starts)]]
    flat = draw(CENTS)
    cap = draw(st.none() | st.integers(flat, flat + 500_000))
    return Scale(flat_cents=flat, steps=tuple(steps), cap_cents=cap)


def naive(scale, heads):
    """Head by head, as one would count on paper."""
    total = scale.flat_cents
    for head in range(1, heads + 1):
        price = 0
        for step in scale.steps:
            if step.from_head <= head:
                price = step.cents_per_head
        total += price
    return total if scale.cap_cents is None else min(total, scale.cap_cents)


@given(scales(), st.integers(0, 120))
def test_a_fee_is_what_counting_head_by_head_gives(scale, heads):
    assert fee(scale, heads).total_cents == naive(scale, heads)


@given(scales(), st.integers(0, 120))
def test_the_lines_add_up_and_only_the_cap_takes_away(scale, heads):
    lines = fee(scale, heads).lines

    assert sum(cents for _, cents in lines) == fee(scale, heads).total_cents
    assert all(cents >= 0 or label.startswith("Plafond") for label, cents in lines)


@given(scales(), st.integers(0, 120))
def test_one_more_head_never_costs_less_and_the_cap_holds(scale, heads):
    now, more = fee(scale, heads).total_cents, fee(scale, heads + 1).total_cents

    assert now <= more
    assert scale.cap_cents is None or more <= scale.cap_cents


def test_a_fee_is_told_line_by_line():
    scale = Scale(flat_cents=10_000, steps=(Step(1, 1_000), Step(11, 550)), cap_cents=24_000)

    assert fee(scale, 30).lines == [
        ("Part fixe", 10_000),
        (f"10{NBSP}personnes à 10{NBSP}€", 10_000),
        (f"20{NBSP}personnes à 5,50{NBSP}€", 11_000),
        (f"Plafond à 240{NBSP}€", -7_000),
    ]


def test_a_flat_scale_counts_nobody():
    assert fee(Scale(flat_cents=5_000, counts_heads=False), 40).lines == [("Part fixe", 5_000)]


def test_a_scale_that_does_not_say_what_the_first_heads_cost_has_a_hole():
    assert "de la 1re à la 4e" in Scale(steps=(Step(5, 100),)).hole
    assert "aucune tranche" in Scale().hole
    assert "aucune question" in Scale(steps=(Step(1, 100),), counts_heads=False).hole
    assert Scale(steps=(Step(1, 100), Step(5, 50))).hole == ""
    assert Scale(flat_cents=100, counts_heads=False).hole == ""
