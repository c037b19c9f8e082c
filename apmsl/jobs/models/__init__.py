from apmsl.jobs.enums import RunStatus
from apmsl.jobs.models.kinds import Draft, Kind, Params, Refused, Superseded
from apmsl.jobs.models.results import Result
from apmsl.jobs.models.runs import LEASE, MAX_ATTEMPTS, Run, RunRequest

__all__ = [
    "LEASE",
    "MAX_ATTEMPTS",
    "Draft",
    "Kind",
    "Params",
    "Refused",
    "Result",
    "Run",
    "RunRequest",
    "RunStatus",
    "Superseded",
]
