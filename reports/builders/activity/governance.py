"""The life of the association: who leads it, who works there, its commissions."""

from events.enums import ReportChapter
from reports.builders.activity.material import Material
from reports.builders.activity.shared import chapter_title, counted_apart, landmarks, table
from reports.builders.figures import Action, Chapter, PeopleGroup
from reports.enums import ActionKey
from reports.enums import Chapter as ReportKey


def governance(material: Material) -> Chapter:
    lists = material.lists
    return Chapter(
        key="governance",
        title=chapter_title(ReportKey.GOVERNANCE),
        intro=material.text("governance"),
        highlights=[
            material.figure("board_members", "administrateur", "administrateurs"),
            material.figure(
                "board_professions", "profession représentée", "professions représentées"
            ),
            material.figure("staff", "salarié", "salariés"),
        ],
        groups=[
            PeopleGroup(title="Le conseil d’administration", people=lists.board),
            PeopleGroup(title="L’équipe permanente", people=lists.staff),
        ],
        actions=[
            _commissions(material),
            *counted_apart(material, ReportChapter.FEDERATION),
            landmarks(material, ReportKey.GOVERNANCE),
        ],
    )


def _commissions(material: Material) -> Action:
    return Action(
        key=ActionKey.COMMISSIONS,
        title="Commissions thématiques",
        figures=[
            material.figure("commissions", "commission", "commissions"),
            material.figure("commission_meetings", "réunion", "réunions"),
        ]
        if material.value("commissions")
        else [],
        table=table(
            "Qui les anime, et combien de fois elles se sont réunies",
            ("Commission", "Référents", "Réunions"),
            [(name, people or "–", held) for name, people, held in material.lists.commissions],
            words=True,
            ends_in_number=True,
            proof="commission_meetings",
        ),
    )
