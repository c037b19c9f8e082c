"""Minutes and decisions, written on one page."""

from typing import Any

from django import forms

from events.models import Decision, Event

BLANK = 2  # lines for new decisions


class DecisionForm(forms.ModelForm):
    class Meta:
        model = Decision
        fields = ("text", "owner", "due_on", "done_on")
        widgets = {
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "done_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


class MinutesForm(forms.ModelForm):
    class Meta:
        model = Event
        fields = ("minutes",)
        labels = {"minutes": "Compte rendu"}
        help_texts = {"minutes": "Les personnes inscrites le lisent sur la page de l’événement."}


def decision_forms(event: Event, data: Any) -> Any:
    """Those of the event; who sees to one is chosen among those who came or lead it."""
    people = event.registrations.exclude(person=None).values("person")
    make = forms.modelformset_factory(Decision, form=DecisionForm, extra=BLANK)
    formset = make(data, queryset=event.decisions.order_by("due_on", "pk"), prefix="decision")
    for form in formset.forms:
        owner: Any = form.fields["owner"]
        owner.queryset = owner.queryset.filter(pk__in=people).order_by("sort_name", "pk")
        if form.instance.owner_id:
            owner.queryset = owner.queryset | type(form.instance.owner).objects.filter(
                pk=form.instance.owner_id
            )
    return formset
