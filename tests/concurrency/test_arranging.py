"""Actions of a chapter moved by several at once: each move counts, the first ones too."""

from functools import partial

import pytest

from apmsl.lib.dates import today
from reports.models import ActionPlace
from reports.services import arranging
from tests.reports.factories import ExternalFigureFactory

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "communication"


def test_what_several_change_at_once_is_all_there(crowd):
    year = today().year
    ExternalFigureFactory(year=year, key="site_page_views", value=900, source="Relevé")
    given = {"chapter": HERE, "label": "Affiches", "source": "Relevé", "as_of": today()}
    ExternalFigureFactory(year=year, key="posters", value=7, **given)
    change = {"year": year, "chapter": HERE}

    crowd(
        [
            partial(arranging.move, key="landmarks", by=-1, **change),
            partial(arranging.show, key="letters", shown=False, **change),
            partial(arranging.rename, key="audience", title="En ligne", seen="", **change),
            partial(arranging.rename, key="tools", title="Les outils", seen="", **change),
        ]
    )

    rows = list(ActionPlace.objects.of_chapter(year, HERE))
    assert [row.position for row in rows] == list(range(len(rows)))
    known = {row.key: row for row in rows}
    assert known["landmarks"].position < known["audience"].position
    assert not known["letters"].is_shown
    assert known["audience"].title == "En ligne"
    assert known["tools"].title == "Les outils"
