"""Environment variables that are wrong stop the portal at once."""

import pytest

from apmsl.lib import environment


def test_links_are_read_by_what_each_is_called(monkeypatch):
    monkeypatch.setenv("CHANNELS", "LinkedIn https://a.test/x, Notre chaîne  https://b.test ,")

    assert environment.links("CHANNELS") == {
        "LinkedIn": "https://a.test/x",
        "Notre chaîne": "https://b.test",
    }


@pytest.mark.parametrize("wrong", ["https://a.test", "LinkedIn", "LinkedIn http://a.test"])
def test_a_link_without_a_name_or_in_clear_is_refused(monkeypatch, wrong):
    monkeypatch.setenv("CHANNELS", wrong)

    with pytest.raises(ValueError, match="CHANNELS"):
        environment.links("CHANNELS")


def test_no_link_is_none(monkeypatch):
    monkeypatch.delenv("CHANNELS", raising=False)

    assert environment.links("CHANNELS") == {}
