from reports.services.arranging import ActionRefused
from reports.services.chapters import ChapterRefused
from reports.services.documents import request_document, request_preview
from reports.services.next_year import carry_actions_over, carry_landmarks_over
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
    text_of_last_year,
)
from reports.services.voting import (
    VersionRefused,
    checksum,
    file_of,
    lay_before_board,
    open_checks,
    printer_file_of,
    request_file,
    vote,
    withdraw,
)

__all__ = [
    "ActionRefused",
    "ChapterRefused",
    "Clash",
    "TextRefused",
    "VersionRefused",
    "Writing",
    "carry_actions_over",
    "carry_landmarks_over",
    "checksum",
    "comment",
    "earlier",
    "file_of",
    "lay_before_board",
    "open_checks",
    "printer_file_of",
    "reopen",
    "request_document",
    "request_file",
    "request_preview",
    "resolve",
    "save_text",
    "take_back",
    "take_last_year",
    "text_of_last_year",
    "vote",
    "withdraw",
]
