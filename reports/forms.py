from typing import Any

from django import forms


class VoteForm(forms.Form):
    voted_on = forms.DateField(
        label="Date du vote",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Le jour où l’assemblée ou le conseil d’administration a adopté cette version.",
    )


class ReadingForm(forms.Form):
    """``erratum``: a voted version is corrected, and one says why."""

    def __init__(self, *args: Any, erratum: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if erratum:
            self.fields["reason"] = forms.CharField(
                label="Raison de l’erratum",
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="Imprimée nulle part : elle reste avec les versions, pour qui se demande"
                " ce qui a changé.",
            )
