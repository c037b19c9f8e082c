"""What the staff enters about money."""

from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminFileFieldWidget

from apmsl.lib.dates import plausible
from members.enums import CrmModule, PaymentMethod


class PaymentForm(forms.Form):
    """What came, or went back; in euros, as on the cheque."""

    method = forms.ChoiceField(label="Moyen", choices=PaymentMethod)
    amount = forms.DecimalField(
        label="Montant en euros",
        decimal_places=2,
        max_digits=9,
        localize=True,
        help_text="Négatif pour un remboursement : −50,00.",
    )
    received_on = forms.DateField(
        label="Reçu le",
        validators=[plausible],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reference = forms.CharField(
        label="Référence", required=False, max_length=100, help_text="Numéro du chèque, banque…"
    )

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError("Indiquez un montant.")
        return amount

    def amount_cents(self) -> int:
        return int(self.cleaned_data["amount"] * 100)


class StatementForm(forms.Form):
    file = forms.FileField(
        label="Relevé de la banque",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv"}),
        help_text="Le fichier CSV téléchargé sur le site de la banque. Un mois déjà importé peut "
        "l’être encore : rien n’est compté deux fois.",
    )


class JournalForm(forms.Form):
    start = forms.DateField(
        label="Du",
        validators=[plausible],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    end = forms.DateField(
        label="Au",
        validators=[plausible],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    format = forms.ChoiceField(
        label="Format", choices=[("xlsx", "Tableur (XLSX)"), ("csv", "CSV")], initial="xlsx"
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "start" in given and "end" in given and given["end"] < given["start"]:
            self.add_error("end", "La fin précède le début.")
        return given


class CrmFileForm(forms.Form):
    module = forms.ChoiceField(label="Module", choices=CrmModule)
    scope = forms.ChoiceField(
        label="Contenu",
        choices=[
            ("new", "Les nouvelles fiches"),
            ("changed", "Les fiches changées"),
            ("gone", "Les fiches à supprimer du CRM"),
        ],
    )
    format = forms.ChoiceField(
        label="Format", choices=[("xlsx", "Tableur (XLSX)"), ("csv", "CSV")], initial="xlsx"
    )
    mark = forms.BooleanField(
        label="Noter ces fiches comme transmises",
        required=False,
        help_text="Elles ne seront plus dans le prochain fichier.",
    )


class CrmNumbersForm(forms.Form):
    module = forms.ChoiceField(label="Module", choices=CrmModule)
    file = forms.FileField(
        label="Export du CRM",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv"}),
    )
