"""The lists of the activity report: who, where, how many times."""

from collections.abc import Sequence

from events.enums import Category
from reports.builders.activity.material import Lists
from reports.builders.reading import (
    actions,
    after,
    governance,
    landmarks,
    meetings,
    stories,
    support,
    toolbox,
    training,
)
from reports.indicators import Scope


def lists(scope: Scope, *, tools: Sequence[str], drawn: bool = True) -> Lists:
    """``tools`` are the codes of the most viewed, in their order; see ``material`` for ``drawn``."""
    told = stories.stories(scope, drawn=drawn)
    return Lists(
        dots=support.dots(scope),
        board=governance.board(scope),
        staff=governance.staff(scope),
        mandates=governance.seats(scope),
        partners=governance.partners(scope),
        contact_channels=support.contact_channels(scope),
        accompanied=support.accompanied(scope),
        ages=support.ages(scope),
        groups=meetings.groups(scope),
        thematic_meetings=meetings.of_category(scope, Category.THEMATIC_MEETING),
        practice_meetings=meetings.of_category(scope, Category.PRACTICE),
        regional_meetings=meetings.gatherings(scope, Category.REGIONAL_MEETING),
        regional_cancelled=meetings.cancelled(scope, Category.REGIONAL_MEETING),
        regional_days=meetings.gatherings(scope, Category.REGIONAL_DAY),
        cohorts=training.cohorts(scope),
        landmarks=landmarks.landmarks(scope),
        kinds=actions.apart(scope),
        opinions=after.opinions(scope, told),
        pictures=after.photos(scope, told, drawn=drawn),
        stories=told,
        quotes=stories.quotes(scope),
        clouds=stories.clouds(scope),
        cancelled=actions.cancelled(scope),
        planned=actions.planned(scope),
        new=actions.new_categories(scope),
        commissions=governance.commissions(scope),
        tools=toolbox.tools(scope, tools),
        equipment=toolbox.equipment(scope),
        articles=toolbox.articles(scope),
        postings=toolbox.postings(scope),
    )
