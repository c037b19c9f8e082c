"""Records that several people write: the second to save is told what the first one saved meanwhile.

Nothing is merged: the staff compares and chooses, then saves over it knowingly. What it replaces
stays in the history, from which who and when are read: the model is ``tracked``.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from apmsl.lib.admin.history import Change, Version, last_version, versions
from apmsl.lib.admin.model import PortalModelAdmin
from apmsl.lib.typography import clock, day, typeset

CLASH = (
    "{who} a enregistré cette fiche le {when}, pendant que vous l’écriviez. Rien de ce que vous avez"
    " tapé n’est perdu, et rien n’est encore enregistré : reprenez ce qui doit l’être de l’autre"
    " version, donnée à côté de chaque champ, puis enregistrez. Vos mots la remplaceront ; elle"
    " restera dans l’historique."
)
AGAIN = " Un fichier que vous aviez choisi est à choisir de nouveau."
GONE = (
    "Cette fiche vient d’être supprimée par quelqu’un d’autre : elle ne peut plus être enregistrée."
)


class SharedForm(forms.ModelForm):  # type: ignore[type-arg]  # of any model
    """``seen`` is the last version that the page showed replaced: those after it are another's."""

    SEEN = "_seen"

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        self.seen = 0
        if instance is not None and instance.pk and data is None:
            # In this order: what is saved between both is told, at worst for nothing.
            self.seen = last_version(instance)
            instance.refresh_from_db()
        super().__init__(data, *args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.instance.pk:
            self._compare(str(self.data.get(self.SEEN, "")))
        return cleaned

    def _compare(self, seen: str) -> None:
        """Locked until it is saved: of two people at the same instant, the second one is told too."""
        rows = type(self.instance)._base_manager.select_for_update(of=("self",), no_key=True)
        stored = rows.filter(pk=self.instance.pk).first()
        if stored is None:
            self.add_error(None, GONE)
            return
        self.seen = last_version(stored)
        known = seen.isdecimal() and len(seen) < 16
        # What the page showed is not known: nothing is another's.
        newer = versions(stored, after=int(seen)) if known else []
        lost = list(self._lost(stored, newer))
        if lost:
            self._tell(lost)

    def _lost(self, stored: models.Model, newer: list[Version]) -> Iterator[tuple[Version, Change]]:
        """What saving would replace: of each field, the last change."""
        told = set()
        for version in newer:
            for change in version.changes:
                if change.name in self.fields and change.name not in told:
                    told.add(change.name)
                    if self._otherwise(change.name, stored):
                        yield version, change

    def _otherwise(self, name: str, stored: models.Model) -> bool:
        typed, kept = self.cleaned_data.get(name), getattr(stored, name)
        if isinstance(typed, str) and isinstance(kept, str):
            return typed.split() != kept.split()  # browsers send other ends of lines
        return bool(typed != kept)

    def _tell(self, lost: list[tuple[Version, Change]]) -> None:
        last = max((version for version, _ in lost), key=lambda version: version.at)
        at = timezone.localtime(last.at)
        said = CLASH.format(who=last.who, when=f"{day(at)} à {clock(at)}")
        self.add_error(None, typeset(said + (AGAIN if self.files else "")))
        for _, change in lost:
            self.add_error(change.name, typeset(f"Enregistré entre-temps : {change.after}"))


class SharedModelAdmin(PortalModelAdmin):
    """A form of its own, where it has one, is a ``SharedForm`` too."""

    form = SharedForm
    change_form_before_template = "admin/seen.html"
