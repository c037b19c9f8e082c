"""`make bench`: everything that is measured, one JSON line each; fails when a goal is not met."""

import subprocess
import sys

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
    codes = [subprocess.run([sys.executable, "-m", module]).returncode for module in MODULES]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
