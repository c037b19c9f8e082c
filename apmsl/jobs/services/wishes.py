"""Runs for what is wished for: one, or thousands in a few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from apmsl.jobs.models import Params, Result, Run, RunStatus


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a run is to make; ``key`` says that two wishes are for the same thing."""

    kind: str
    key: str
    label: str
    params: Params
    digest: str | None = None  # of the content, where it is known beforehand

    def run(self, **fields: object) -> Run:
        """Not saved."""
        return Run(kind=self.kind, key=self.key, label=self.label, params=self.params, **fields)


def run_for(wish: Wish, *, at: datetime) -> Run:
    return runs_for([wish], at=at)[0]


def runs_for(wishes: Sequence[Wish], *, at: datetime) -> list[Run]:
    """In their order: for each the finished run of the same content where it is known, the one in
    flight where somebody asked before, else a new one."""
    known = _finished(wishes, at) if any(wish.digest for wish in wishes) else {}
    others = [wish for wish in wishes if wish.key not in known]
    # Two at once: the unique constraint lets one in, the other finds its row. Should that one be
    # over before it is found, another is made.
    flying: dict[str, Run] = {}
    while missing := [wish for wish in others if wish.key not in flying]:
        flying |= _in_flight(missing)
        new = [wish.run() for wish in missing if wish.key not in flying]
        Run.objects.bulk_create(new, ignore_conflicts=True)
    return [known.get(wish.key) or flying[wish.key] for wish in wishes]


def _in_flight(wishes: Iterable[Wish]) -> dict[str, Run]:
    keys = [wish.key for wish in wishes]
    return {run.key: run for run in Run.objects.in_flight().filter(key__in=keys)}


def _finished(wishes: Iterable[Wish], at: datetime) -> dict[str, Run]:
    """By key, of the wishes whose content is known and was made before."""
    asked = {(wish.key, wish.digest): wish for wish in wishes if wish.digest}
    made = Result.objects.filter(
        key__in=[key for key, _ in asked], digest__in=[digest for _, digest in asked]
    )
    results = {result.key: result for result in made if (result.key, result.digest) in asked}
    done = Run.objects.done().filter(result__in=results.values(), key__in=results).order_by("pk")
    runs = {run.key: run for run in done}
    new = [
        wish.run(status=RunStatus.DONE, result=results[key], finished_at=at)
        for (key, _), wish in asked.items()
        if key in results and key not in runs
    ]
    return runs | {run.key: run for run in Run.objects.bulk_create(new)}
