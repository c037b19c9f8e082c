"""The workshops that one chooses, hour by hour."""

from collections.abc import Sequence
from typing import Any

from django import forms

from apmsl.lib.typography import day, hours, plural, typeset
from events.models import Item, Registration

NONE = ""


class ChoicesForm(forms.Form):
    """A field for those that meet at the same time: radio buttons where only one of them can be
    attended, boxes where several can (a long one beside two short ones)."""

    def __init__(
        self, *args: Any, registration: Registration, overrules: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.overrules = overrules
        items = registration.event.items.to_choose().in_order().with_taken()
        self.chosen = set(registration.choices.values_list("item", flat=True))
        self.slots = slots_of(list(items))
        for number, slot in enumerate(self.slots):
            self.fields[f"slot_{number}"] = self._field(slot)
        if overrules and self.slots:
            self.fields["reason"] = forms.CharField(
                label="Passer outre : pourquoi ?",
                max_length=200,
                required=False,
                help_text="Pour l’équipe de la fédération : avec un motif, un atelier complet ou "
                "deux ateliers à la même heure sont acceptés.",
            )

    def clean(self) -> dict[str, Any]:
        """The programme may have changed since the page was drawn."""
        gone = {key for key in self.data if key.startswith("slot_")} - set(self.fields)
        if gone:
            self.add_error(None, "Le programme vient de changer\u00a0: vérifiez vos choix.")
        return self.cleaned_data

    def _field(self, slot: Sequence[Item]) -> forms.Field:
        mine = [str(item.pk) for item in slot if item.pk in self.chosen]
        several = self.overrules or len(mine) > 1 or not _exclusive(slot)
        choices = [(str(item.pk), self._label(item, with_hours=several)) for item in slot]
        label = _hours(slot)
        if not several:
            return forms.ChoiceField(
                label=label,
                required=False,
                choices=[*choices, (NONE, "Aucun")],
                initial=mine[0] if mine else NONE,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _GONE},
            )
        return forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=choices,
            initial=mine,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": _GONE},
        )

    def _label(self, item: Item, *, with_hours: bool) -> str:
        when = hours(item.starts_at, item.ends_at) if with_hours else ""
        room = f"salle {item.room}" if item.room.isdigit() else item.room
        left = item.seats_left
        seats = "" if left is None else plural(left, "place", "places") if left else "complet"
        if item.pk in self.chosen:
            seats = "votre choix"
        return typeset(" · ".join(filter(None, [item.title, when, room, seats])))

    def items(self) -> list[int]:
        """What was chosen, of a valid form."""
        found: list[str] = []
        for name, value in self.cleaned_data.items():
            if name == "reason":
                continue
            found += value if isinstance(value, list) else [value]
        return [int(key) for key in found if key]

    def refuse(self, message: str, item: Item | None) -> None:
        """Beside the field that it is about."""
        slots = (f"slot_{number}" for number, slot in enumerate(self.slots) if item in slot)
        self.add_error(next(slots, None), typeset(message))


_GONE = "Cet atelier n’est plus au programme\u00a0: choisissez-en un autre."


def slots_of(items: Sequence[Item]) -> list[list[Item]]:
    """Items in their order, those together that meet one another, be it through a third."""
    slots: list[list[Item]] = []
    for item in items:
        if slots and any(item.meets(other) for other in slots[-1]):
            slots[-1].append(item)
        else:
            slots.append([item])
    return slots


def _exclusive(slot: Sequence[Item]) -> bool:
    return all(a.meets(b) for a in slot for b in slot)


def _hours(slot: Sequence[Item]) -> str:
    when = hours(slot[0].starts_at, max(item.ends_at for item in slot))
    return f"{day(slot[0].held_on, weekday=True)}, {when}".capitalize()
