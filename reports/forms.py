from typing import Any

from django import forms

from reports.enums import TextStatus
from reports.models import ReportText
from reports.services import Writing

LONGEST_TEXT = 100_000  # letters: some thirty pages


class TextForm(forms.Form):
    """``seen`` is the revision that the page showed: what another writes meanwhile is not lost."""

    body = forms.CharField(
        label="Texte",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="Une ligne vide sépare deux paragraphes ; <code>**mots**</code> met en gras,"
        " <code>- </code> commence une liste, <code>## </code> un intertitre,"
        " <code>[mots](https://adresse)</code> fait un lien.",
    )
    signature = forms.CharField(label="Signature", required=False, max_length=150)
    status = forms.ChoiceField(label="État", choices=TextStatus, widget=forms.RadioSelect)
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Any, text: ReportText) -> None:
        shown = {"body": text.body, "signature": text.signature, "status": text.status}
        super().__init__(data, initial=shown | {"seen": text.revision})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("body", "-") and cleaned.get("status") != TextStatus.TO_WRITE:
            self.add_error("status", "Un texte vide reste « à écrire ».")
        return cleaned

    def writing(self) -> Writing:
        seen: str = self.cleaned_data["seen"]
        return Writing(
            body=self.cleaned_data["body"],
            signature=self.cleaned_data["signature"],
            status=self.cleaned_data["status"],
            seen=int(seen) if seen.isdecimal() and len(seen) < 9 else -1,
        )


class CommentForm(forms.Form):
    remark = forms.CharField(
        label="Votre remarque", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


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
