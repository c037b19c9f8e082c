from reports.services.documents import request_document
from reports.services.landmarks import carry_over
from reports.services.voting import (
    VersionRefused,
    checksum,
    file_of,
    lay_before_board,
    request_file,
    vote,
    withdraw,
)

__all__ = [
    "VersionRefused",
    "carry_over",
    "checksum",
    "file_of",
    "lay_before_board",
    "request_document",
    "request_file",
    "vote",
    "withdraw",
]
