"""What the workers of these tests make: files slow enough to be interrupted.

Params: ``log``, a file that gets a line per attempt; ``seconds``, how long each attempt takes (the
last one repeated).
"""

import os
import time
from hashlib import sha256
from pathlib import Path

from apmsl.jobs.models import Draft, Kind, kinds

STEP = 0.1


def draft(params) -> Draft:
    log = Path(params["log"])

    def make(beat) -> bytes:
        before = log.read_text().splitlines() if log.exists() else []
        with log.open("a") as lines:
            lines.write(f"{os.getpid()}\n")
        seconds = params["seconds"][min(len(before), len(params["seconds"]) - 1)]
        steps = round(seconds / STEP)
        for step in range(steps):
            beat(step + 1, steps)
            time.sleep(STEP)
        return b"slow"

    return Draft("lent.txt", sha256(str(log).encode()).hexdigest(), make)


kinds.register(Kind("slow", draft))
