"""`make bench`: everything that is measured, one JSON line each; what missed its goal is told again
at the end, and fails."""

import json
import subprocess
import sys
import time

# Each in a process of its own: they open databases, fork workers and start browsers.
MODULES = (
    "bench.indicators",
    "bench.imports",
    "bench.pages",
    "bench.directory",
    "bench.events",
    "bench.registration",
    "bench.pdf",
    "bench.batches",
)


def main() -> int:
    missed = [told for module in MODULES for told in run(module)]
    print("\n".join(missed) or "Every goal is met.", file=sys.stderr)
    return int(bool(missed))


def run(module: str) -> list[str]:
    """What a module measured goes by as it comes; gives what missed its goal."""
    start, missed = time.monotonic(), []
    with subprocess.Popen(
        [sys.executable, "-m", module], stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            told = json.loads(line) if line.startswith("{") else None
            if told and told["ratio"] > told["goal"]:
                missed.append(f"{told['name']}: {told['ratio']}, goal {told['goal']}")
    print(f"{module}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    if process.returncode and not missed:
        missed.append(f"{module} broke off ({process.returncode})")
    return missed


if __name__ == "__main__":
    sys.exit(main())
