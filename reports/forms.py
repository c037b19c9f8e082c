from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db.models import F
from django.forms.boundfield import BoundWidget
from unfold.widgets import UnfoldAdminSelectWidget

from apmsl.lib import pictures
from apmsl.lib.admin.shared import SharedForm
from apmsl.lib.forms import Editor
from apmsl.lib.typography import typeset, weight
from apmsl.lib.uploads import check_document
from events.models import ActionKind
from reports import indicators
from reports.builders import comparison
from reports.builders.dashboard import PLANNED
from reports.enums import ActionKey, Chapter, SheetBlock, TextStatus
from reports.indicators import Indicator
from reports.models import BODY, ReportText, SheetLayout
from reports.models.actions import APART
from reports.services import Writing

# Bytes as they come, and the width in pixels that is kept: enough for the printed page.
LOGO, PHOTO = (2_000_000, 600), (10_000_000, 1600)
LONGEST_TEXT = 100_000  # letters: some thirty pages


class TextForm(forms.Form):
    """``seen`` is the revision that the page showed: what another writes meanwhile is not lost."""

    body = forms.CharField(
        label="Texte",
        required=False,
        max_length=LONGEST_TEXT,
        widget=Editor(attrs={"rows": 18}),
        help_text="Une ligne vide sépare deux paragraphes\u202f; <code>**mots**</code> met en gras,"
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


class ChapterForm(forms.Form):
    title = forms.CharField(label="Titre", max_length=100)


class TitleForm(ChapterForm):
    """``seen``: the title that the page showed (see ``reports.services.chapters``)."""

    seen = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)


class ActionTitleForm(TitleForm):
    """Empty, it gives its usual title back (see ``reports.services.arranging``)."""

    def __init__(self, *args: Any, usual: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = f"Vide, l’action garde son titre habituel : {usual}."


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
                help_text="Imprimée au début de l’erratum, et montrée à côté de lui à qui peut le"
                " télécharger ou vérifier ses chiffres\u00a0: dites ce qui a changé, et pourquoi.",
            )


class ExternalFigureForm(forms.ModelForm):
    def clean_key(self) -> str:
        """What is planned is planned for a figure that exists: a slip would be shown nowhere."""
        key: str = self.cleaned_data["key"]
        name = key.removeprefix(PLANNED)
        if name != key and name not in indicators.REGISTRY:
            raise ValidationError(
                f"Aucun chiffre n’a le code « {name} » : choisissez « Noter » dans le tableau de bord."
            )
        return key


class ActionOfYearForm(SharedForm):
    """The actions that the report always knows, and the kinds that it counts apart."""

    key = forms.ChoiceField(label="Action", widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            apart = ActionKind.objects.exclude(code=F("category")).order_by("position", "pk")
            kinds = [(f"{APART}{pk}", label) for pk, label in apart.values_list("pk", "label")]
            choices = [("", "---------"), *ActionKey.choices, ("Comptées à part", kinds)]
            self.fields["key"].choices = choices


class FigureNoteForm(SharedForm):
    figure = forms.ChoiceField(label="Chiffre", widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "figure" in self.fields:
            self.fields["figure"].choices = _figures(indicators.REGISTRY)


class DefinitionBreakForm(SharedForm):
    """Those of the portrait too: years are compared by them."""

    figure = forms.ChoiceField(label="Chiffre", widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "figure" in self.fields:
            self.fields["figure"].choices = _figures(indicators.DECLARED)


def _figures(among: Mapping[str, Indicator]) -> list[tuple[str, Any]]:
    """By chapter, under their titles."""
    declared = indicators.by_chapter(among).items()
    return [("", "---------")] + [
        (chapter.label, [(one.id, one.title) for one in figures]) for chapter, figures in declared
    ]


class CompareForm(forms.Form):
    """Read from an address: nothing of it is asked until one chooses."""

    IN_ADDRESS = {"years": "annee", "figures": "chiffre"}

    years = forms.TypedMultipleChoiceField(
        label="Années",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une année.",
            "invalid_choice": "L’année « %(value)s » n’a pas de chiffres.",
        },
    )
    figures = forms.MultipleChoiceField(
        label="Chiffres",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins un chiffre.",
            "invalid_choice": "Le chiffre « %(value)s » n’existe pas.",
        },
    )

    def __init__(self, address: Any, *, years: list[int]) -> None:
        usual = {"years": comparison.last_years(), "figures": list(comparison.USUAL)}
        given = any(name in address for name in self.IN_ADDRESS.values())
        super().__init__(address if given else None, initial=usual)
        self.fields["years"].choices = [(year, str(year)) for year in years]
        self.fields["figures"].choices = [
            (one.id, one.title) for one in indicators.DECLARED.values() if one.is_comparable
        ]

    def add_prefix(self, field_name: str) -> str:
        return self.IN_ADDRESS.get(field_name, field_name)

    def clean_years(self) -> list[int]:
        return _at_most(self.cleaned_data["years"], comparison.MOST_YEARS, "années")

    def clean_figures(self) -> list[str]:
        return _at_most(self.cleaned_data["figures"], comparison.MOST_FIGURES, "chiffres")

    def chosen(self) -> tuple[list[str], list[int]]:
        """Figures and years; none where the answers are to be corrected."""
        if not self.is_bound:
            return self.initial["figures"], self.initial["years"]
        if not self.is_valid():
            return [], []
        return self.cleaned_data["figures"], self.cleaned_data["years"]

    def by_chapter(self) -> list[tuple[Chapter, list[BoundWidget], int]]:
        """The boxes of each chapter, and how many of them are ticked."""
        boxes = {box.data["value"]: box for box in self["figures"].subwidgets}
        found = []
        for chapter, declared in indicators.by_chapter(indicators.DECLARED).items():
            own = [boxes[one.id] for one in declared if one.id in boxes]
            found.append((chapter, own, sum(box.data["selected"] for box in own)))
        return found


def _at_most(asked: list[Any], most: int, what: str) -> list[Any]:
    """Each once, whatever the address says."""
    chosen = list(dict.fromkeys(asked))
    if len(chosen) > most:
        raise ValidationError(f"{most} {what} au plus : vous en avez choisi {len(chosen)}.")
    return chosen


class _PictureField(forms.FileField):
    """A PNG or a JPEG, drawn anew: its cleaned value is a JPEG without what the camera noted."""

    def __init__(self, *, limits: tuple[int, int], **kwargs: Any) -> None:
        accepted = forms.FileInput(attrs={"accept": "image/png,image/jpeg"})
        kinds = FileExtensionValidator(["jpg", "jpeg", "png"], "Choisissez une image JPEG ou PNG.")
        super().__init__(required=False, widget=accepted, validators=[kinds], **kwargs)
        self.heaviest, self.width = limits

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > self.heaviest:
            most = weight(self.heaviest)
            raise forms.ValidationError(
                typeset(f"Cette image est trop lourde ({weight(file.size)}) : {most} au plus.")
            )
        check_document(file)
        drawn = pictures.redrawn(file, width=self.width)
        if not drawn:
            raise forms.ValidationError(
                typeset(
                    "Cette image est abîmée, ou trop grande pour être lue : enregistrez-la à nouveau."
                )
            )
        return drawn


class LayoutForm(forms.Form):
    """What the Scan'équipe of a team shows."""

    shown = forms.MultipleChoiceField(
        label="Parties montrées",
        choices=SheetBlock.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une partie."},
    )
    logo = _PictureField(
        label="Logo",
        limits=LOGO,
        help_text=typeset(
            "Une image JPEG ou PNG de 2 Mo au plus. Il s’imprime en haut de la page."
        ),
    )
    no_logo = forms.BooleanField(label="Retirer le logo", required=False)
    photo = _PictureField(
        label="Photo",
        limits=PHOTO,
        help_text=typeset(
            "Une image JPEG ou PNG de 10 Mo au plus, plus large que haute. Sur la page imprimée, elle"
            " prend la place de la carte. Assurez-vous de l’accord des personnes que l’on y"
            " reconnaît."
        ),
    )
    no_photo = forms.BooleanField(label="Retirer la photo", required=False)

    def __init__(self, *args: Any, layout: SheetLayout, **kwargs: Any) -> None:
        shown = [block for block in SheetBlock.values if block not in layout.hidden]
        super().__init__(*args, initial={"shown": shown}, **kwargs)
        for name in ("logo", "photo"):
            if not getattr(layout, name):
                del self.fields[f"no_{name}"]

    def clean_shown(self) -> list[str]:
        shown: list[str] = self.cleaned_data["shown"]
        if not any(block in shown for block in BODY):
            raise forms.ValidationError(
                typeset(
                    "Gardez au moins une des quatre premières parties : sans elles, la page serait"
                    " vide."
                )
            )
        return shown

    @property
    def pictures(self) -> dict[str, bytes | None]:
        """As ``reports.services.layouts`` takes them: a new picture wins over its removal."""
        said = self.cleaned_data
        return {
            name: said.get(name) or (b"" if said.get(f"no_{name}") else None)
            for name in ("logo", "photo")
        }
