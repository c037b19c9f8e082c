"""A drawing of a document, and where it leads."""

from dataclasses import dataclass

from apmsl.lib.charts import Drawing
from reports import indicators


@dataclass(frozen=True, slots=True)
class Shown:
    """The key of a drawing that shows an indicator is named after it, with dashes."""

    drawing: Drawing

    @property
    def proof(self) -> str:
        name = self.drawing.key.replace("-", "_")
        return name if name in indicators.REGISTRY else ""
