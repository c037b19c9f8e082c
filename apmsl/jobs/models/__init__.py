from apmsl.jobs.enums import RunStatus
from apmsl.jobs.models.kinds import Draft, Kind, NoRoom, Params, Refused, Superseded, Unfinished
from apmsl.jobs.models.results import Result
from apmsl.jobs.models.runs import LEASE, MAX_ATTEMPTS, Run, RunPart, RunRequest

__all__ = [
    "LEASE",
    "MAX_ATTEMPTS",
    "Draft",
    "Kind",
    "NoRoom",
    "Params",
    "Refused",
    "Result",
    "Run",
    "RunPart",
    "RunRequest",
    "RunStatus",
    "Superseded",
    "Unfinished",
]
