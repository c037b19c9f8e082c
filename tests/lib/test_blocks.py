from datetime import date

import pytest
from django.template import Context, engines

from apmsl.lib import blocks
from apmsl.lib.blocks import Block, Reminder

DAY = date(2026, 5, 4)


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch):
    monkeypatch.setattr(blocks, "_blocks", {})
    monkeypatch.setattr(blocks, "_reminders", {})


def first(request, on):
    return "first.html", {"on": on}


def second(request, on):
    return "second.html", {}


def silent(request, on):
    return None


def test_blocks_come_in_their_order_and_the_silent_ones_not_at_all():
    blocks.register(second, order=20)
    blocks.register(silent, order=15)
    blocks.register(first, order=10)

    assert blocks.of(None, DAY) == [Block("first.html", {"on": DAY}), Block("second.html", {})]


def test_registering_again_replaces():
    blocks.register(first, order=10)
    blocks.register(first, order=30)

    assert len(blocks.of(None, DAY)) == 1


def test_reminders_of_every_app_are_gathered():
    blocks.register_reminders(lambda request, on: [Reminder("un")])

    assert blocks.reminders(None, DAY) == [Reminder("un")]


def test_a_block_is_drawn_over_the_page_and_leaves_it_as_it_was():
    page = engines["django"].from_string("{% load blocks %}{% home_block block %}").template
    block = Block("members/blocks/my_teams.html", {"teams": []})
    context = Context({"block": block, "teams": "those of the page"})

    page.render(context)

    assert context["teams"] == "those of the page"
