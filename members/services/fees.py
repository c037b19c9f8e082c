"""What a member pays, as a calculation that can be shown line by line.

Pure: a scale and a number of heads give lines that add up to the total, whoever asks and whenever.
"""

from dataclasses import dataclass

from apmsl.lib.typography import money, plural
from members.models import FeeScale


@dataclass(frozen=True)
class Step:
    from_head: int
    cents_per_head: int


@dataclass(frozen=True, kw_only=True)
class Scale:
    """``counts_heads``: a question tells how many; without it the flat part is all."""

    flat_cents: int = 0
    steps: tuple[Step, ...] = ()
    cap_cents: int | None = None
    counts_heads: bool = True

    @classmethod
    def of(cls, row: FeeScale) -> "Scale":
        steps = sorted((step.from_head, step.cents_per_head) for step in row.steps.all())
        return cls(
            flat_cents=row.flat_cents,
            steps=tuple(Step(*step) for step in steps),
            cap_cents=row.cap_cents,
            counts_heads=row.counted_id is not None,
        )

    @property
    def hole(self) -> str:
        """Why this scale cannot tell what everyone pays; empty when it can."""
        return hole(self.counts_heads, [step.from_head for step in self.steps])


@dataclass(frozen=True)
class Fee:
    lines: list[tuple[str, int]]

    @property
    def total_cents(self) -> int:
        return sum(cents for _, cents in self.lines)


def hole(counts_heads: bool, starts: list[int]) -> str:
    if counts_heads and not starts:
        return "Des personnes sont comptées, mais aucune tranche ne dit ce que chacune coûte."
    if counts_heads and min(starts) > 1:
        return (
            f"Le barème a un trou : rien ne dit ce que coûtent les personnes de la 1re à la "
            f"{min(starts) - 1}e. Ajoutez une tranche à partir de 1."
        )
    if starts and not counts_heads:
        return (
            "Des tranches sont données, mais aucune question ne dit combien de personnes compter."
        )
    return ""


def fee(scale: Scale, heads: int) -> Fee:
    """Each head pays the price of the step it falls in; nobody pays more than the cap."""
    lines = [("Part fixe", scale.flat_cents)] if scale.flat_cents or not scale.counts_heads else []
    if scale.counts_heads:
        lines += _per_head(scale.steps, heads)
    total = sum(cents for _, cents in lines)
    if scale.cap_cents is not None and total > scale.cap_cents:
        lines.append((f"Plafond à {money(scale.cap_cents)}", scale.cap_cents - total))
    return Fee(lines)


def _per_head(steps: tuple[Step, ...], heads: int) -> list[tuple[str, int]]:
    lines = []
    for index, step in enumerate(steps):
        last = steps[index + 1].from_head - 1 if index + 1 < len(steps) else heads
        inside = min(heads, last) - step.from_head + 1
        if inside > 0:
            label = f"{plural(inside, 'personne')} à {money(step.cents_per_head)}"
            lines.append((label, inside * step.cents_per_head))
    return lines
