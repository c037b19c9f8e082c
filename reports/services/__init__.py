from reports.services.chapters import ChapterRefused
from reports.services.documents import request_document, request_preview
from reports.services.landmarks import carry_over
from reports.services.stories import carry_over as carry_actions_over
from reports.services.texts import (
    Clash,
    TextRefused,
    Writing,
    comment,
    earlier,
    reopen,
    resolve,
    save_text,
    take_back,
    take_last_year,
)
from reports.services.voting import (
    VersionRefused,
    checksum,
    file_of,
    lay_before_board,
    open_checks,
    request_file,
    vote,
    withdraw,
)

__all__ = [
    "ChapterRefused",
    "Clash",
    "TextRefused",
    "VersionRefused",
    "carry_actions_over",
    "carry_over",
    "Writing",
    "checksum",
    "comment",
    "earlier",
    "file_of",
    "lay_before_board",
    "open_checks",
    "reopen",
    "request_document",
    "request_file",
    "request_preview",
    "resolve",
    "save_text",
    "take_back",
    "take_last_year",
    "vote",
    "withdraw",
]
