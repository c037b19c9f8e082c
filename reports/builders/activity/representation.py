"""01: where the federation speaks for the teams, and with whom it has agreements."""

from events.enums import ReportChapter
from reports.builders.activity.material import Material
from reports.builders.activity.shared import chapter_title, counted_apart, landmarks, table
from reports.builders.figures import Action, Chapter
from reports.enums import ActionKey
from reports.enums import Chapter as ReportKey


def representation(material: Material) -> Chapter:
    return Chapter(
        key="representation",
        number="01",
        title=chapter_title(ReportKey.REPRESENTATION),
        intro=material.text("representation"),
        highlights=[
            material.figure(
                "representation_meetings", "réunion de représentation", "réunions de représentation"
            ),
            material.figure("mandates", "mandat exercé", "mandats exercés"),
            material.figure(
                "partner_agreements", "convention de partenariat", "conventions de partenariat"
            ),
        ],
        actions=[
            _institutions(material),
            *counted_apart(material, ReportChapter.REPRESENTATION),
            _partners(material),
            landmarks(material, ReportKey.REPRESENTATION),
        ],
    )


def _institutions(material: Material) -> Action:
    return Action(
        key=ActionKey.INSTITUTIONS,
        title="Où nous représentons les équipes",
        table=table(
            "Instances, représentants et réunions de l’année",
            ("Instance", "Représentants", "Réunions"),
            [
                (seat.institution, seat.people or "–", seat.meetings)
                for seat in material.lists.mandates
            ],
            words=True,
            ends_in_number=True,
            proof="representation_meetings",
        ),
    )


def _partners(material: Material) -> Action:
    return Action(key=ActionKey.PARTNERS, title="Nos partenaires", items=material.lists.partners)
