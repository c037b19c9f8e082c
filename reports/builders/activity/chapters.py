"""The six fields of action, then the life of the association. What has no figure is left out."""

from collections.abc import Sequence

from reports.builders.activity import placing, telling
from reports.builders.activity.communication import communication
from reports.builders.activity.evolution import evolution
from reports.builders.activity.governance import governance
from reports.builders.activity.material import Material
from reports.builders.activity.network import coordination
from reports.builders.activity.projects import projects
from reports.builders.activity.representation import representation
from reports.builders.activity.teams import teams
from reports.builders.figures import Chapter

_CHAPTERS = (
    representation,
    projects,
    teams,
    evolution,
    coordination,
    communication,
    governance,
)


def chapters(material: Material) -> Sequence[Chapter]:
    made = [placing.arranged(material, chapter) for chapter in usual(material)]
    return placing.numbered(material, made)


def usual(material: Material) -> Sequence[Chapter]:
    """As they are before the staff moves, hides or renames anything."""
    return [telling.told(material, chapter(material)) for chapter in _CHAPTERS]
