"""Two sides in turn, medians, one JSON line: a ratio means something on a noisy machine, a time does not."""

import json
import statistics
import time
from collections.abc import Callable


def ratio(
    name: str,
    ours: Callable[[], object],
    baseline: Callable[[], object],
    *,
    goal: float,
    n: int,
    warm: bool = True,
) -> bool:
    """Print the line; True when the goal is met. Both sides run once beforehand unless told not to."""
    if warm:
        ours()
        baseline()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(n):
        for side, run in enumerate((ours, baseline)):
            times[side].append(seconds(run))
    mine, theirs = map(statistics.median, times)
    return line(name, mine / theirs, goal, ours=mine, baseline=theirs, n=n)


def line(name: str, value: float, goal: float, **details: float) -> bool:
    rounded = {key: round(detail, 4) for key, detail in details.items()}
    print(json.dumps({"name": name, "ratio": round(value, 3), "goal": goal, **rounded}), flush=True)
    return value <= goal


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
