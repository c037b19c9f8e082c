"""What the staff writes to participants."""

from typing import Any

from django import forms

from apmsl.lib.forms import Editor
from events.enums import LetterGroup
from events.models import EventLetter


class LetterForm(forms.ModelForm):
    """Nobody is written to before the list of who it goes to has been seen."""

    class Meta:
        model = EventLetter
        fields = ("recipients", "subject", "text")
        widgets = {"text": Editor(attrs={"rows": 12})}
        labels = {"text": "Votre message"}
        help_texts = {
            "subject": "Le titre et la date de l’événement s’y ajoutent.",
            "text": "Le bonjour, la date, le lieu et la signature s’ajoutent d’eux-mêmes. "
            "Une ligne vide sépare deux paragraphes.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.recipients == LetterGroup.CHOSEN:
            del self.fields["recipients"]  # chosen in the list of registrations, and kept
            return
        groups = [choice for choice in LetterGroup.choices if choice[0] != LetterGroup.CHOSEN]
        self.fields["recipients"].choices = [("", "Choisir…"), *groups]  # type: ignore[attr-defined]
