"""What a document prints, read from the records on a day: the only part that queries."""

from reports.builders.reading.activity import material, places, texts
from reports.builders.reading.declaration import team_declaration
from reports.builders.reading.groups import group_card
from reports.builders.reading.presentation import source_of
from reports.builders.reading.region import Region, region
from reports.builders.reading.regional import region_sheet
from reports.builders.reading.stories import breaks
from reports.builders.reading.teams import team_sheet, team_sheets

__all__ = [
    "Region",
    "breaks",
    "group_card",
    "material",
    "places",
    "region",
    "region_sheet",
    "source_of",
    "team_declaration",
    "team_sheet",
    "team_sheets",
    "texts",
]
