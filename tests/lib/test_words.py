"""Free answers, counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apmsl.lib import charts, words
from apmsl.lib.charts import Item
from apmsl.lib.text import normalise

ANSWER = st.text("abcdeéàçœ’ -", min_size=1, max_size=12).filter(
    lambda word: normalise(word).strip()
)


@given(st.dictionaries(ANSWER.map(lambda word: normalise(word).split()[0]), st.integers(1, 9)))
def test_every_answer_is_counted_once_however_it_was_noted(counts):
    one_by_one = "\n".join(word.upper() for word, times in counts.items() for _ in range(times))
    by_hand = " ; ".join(f"{word} x {times}" for word, times in counts.items())

    assert {normalise(word): n for word, n in words.tally(one_by_one)} == counts
    assert {normalise(word): n for word, n in words.tally(by_hand)} == counts


@given(st.lists(ANSWER, max_size=30))
def test_the_most_given_comes_first_and_none_is_lost(answers):
    told = [times for _, times in words.tally(",".join(answers))]

    assert told == sorted(told, reverse=True)
    assert sum(told) == len(answers)


def test_a_word_is_written_as_most_wrote_it():
    assert words.tally("entraide\nEntraide\nENTRAIDE\nentraide") == [("entraide", 4)]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ("« Écoute ! »,, ;\n- réseau ×2", [("réseau", 2), ("Écoute", 1)]),
        ("travail d’équipe, Travail d'équipe", [("travail d’équipe", 2)]),
        ("x 5", [("x 5", 1)]),
        ("écoute x 0", [("écoute x 0", 1)]),
        (" \n,;", []),
    ],
)
def test_what_stands_around_an_answer_is_no_part_of_it(answers, told):
    assert words.tally(answers) == told


# -- drawn -----------------------------------------------------------------------------------------
@given(
    st.lists(
        st.tuples(ANSWER, st.integers(1, 60)), min_size=1, max_size=60, unique_by=lambda x: x[0]
    )
)
def test_no_word_leaves_the_drawing_and_none_lies_over_another(said):
    cloud = charts.Words(key="w", title="En un mot", items=[Item(*one) for one in said])
    boxes = []
    for word in cloud.words:
        half = charts.text.width(word.text, float(word.size), bold=True) / 2
        x, foot = float(word.x), float(word.y)
        assert x - half >= -0.1
        assert x + half <= cloud.width + 0.1
        # An accent on a capital rises, a tail hangs: of our font, in its size.
        assert float(word.size) * 0.85 < foot
        assert foot + float(word.size) * 0.22 < float(cloud.height)
        boxes.append((x - half, x + half, foot))

    boxes.sort(key=lambda box: (box[2], box[0]))
    for (_, right, foot), (left, _, other) in zip(boxes, boxes[1:], strict=False):
        assert foot != other or right <= left + 0.05


def test_the_most_said_is_the_largest_and_stands_in_the_middle():
    items = [Item("réseau", 9), Item("écoute", 4), Item("élan", 1)]
    drawn = charts.Words(key="w", title="En un mot", items=items).words

    by_size = sorted(drawn, key=lambda word: -float(word.size))
    assert [word.text for word in by_size] == ["réseau", "écoute", "élan"]
    assert [word.text for word in drawn] == ["élan", "réseau", "écoute"]


def test_forty_words_are_drawn_at_most():
    items = [Item(f"mot {rank}", rank) for rank in range(1, 61)]
    cloud = charts.Words(key="w", title="En un mot", items=items)

    assert len(cloud.words) == len(cloud.figures) == 40
    assert "mot 20 " not in cloud.description
