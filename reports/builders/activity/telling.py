"""What the staff tells of actions, put where each stands."""

from dataclasses import replace

from reports.builders.activity.material import Material
from reports.builders.figures import Action, Chapter, Story

_NOTHING = Story()


def told(material: Material, chapter: Chapter) -> Chapter:
    return replace(
        chapter,
        actions=[_told(material, action) for action in chapter.actions],
        quotes=material.lists.quotes.get(f"chapter-{chapter.key}", ()),
        clouds=material.lists.clouds.get(f"chapter-{chapter.key}", ()),
    )


def _told(material: Material, action: Action) -> Action:
    story = material.lists.stories.get(action.key, _NOTHING)
    return replace(
        action,
        objective=story.objective,
        allowed=story.allowed,
        partners=story.partners,
        is_new=action.is_new or story.is_new,
        pictures=[*story.pictures, *action.pictures],
        quotes=material.lists.quotes.get(action.key, ()),
        clouds=material.lists.clouds.get(action.key, ()),
    )
