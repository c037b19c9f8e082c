"""What the staff does to several registrations at once: shown first, then made, and for a while
taken back (``events.admin.undo``)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.lib.typography import plural, typeset
from events import services
from events.admin import undo
from events.admin.forms import ChosenLetterForm
from events.enums import RegistrationStatus
from events.models import HOLDING, Registration

Rows = QuerySet[Registration]
SHOWN = 50  # names of a preview
_NO_REASON = "Dites pourquoi : ce motif est gardé avec l’inscription."


@dataclass
class Done:
    """``moved`` may be taken back; what is said comes with the level of its message."""

    moved: list[Registration] = field(default_factory=list)
    told: list[tuple[int, str]] = field(default_factory=list)


Make = Callable[[HttpRequest, Sequence[Registration], str], Done]


@dataclass(frozen=True)
class Asked:
    """``reason``: how the field is called where one is asked for; ``after``: what those chosen become
    where their status does not change."""

    code: str
    title: str
    effect: str
    make: Make
    reason: str = ""
    required: bool = False
    after: str = ""


class MovesMixin:
    """For the admin of registrations, before the other classes."""

    actions = (
        "confirm",
        "place_beyond",
        "put_on_waiting_list",
        "excuse",
        "cancel_with_mail",
        "write_to",
        "mark_present",
        "unmark_present",
    )

    @admin.action(description="Confirmer (donner une place)")
    def confirm(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        asked = Asked(
            "confirm",
            "Donner une place à ces personnes ?",
            "Dans la limite des places libres, dans l’ordre des demandes.",
            _status(RegistrationStatus.REGISTERED),
        )
        return self._move(request, queryset, asked)

    @admin.action(description="Placer hors jauge")
    def place_beyond(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        asked = Asked(
            "place_beyond",
            "Placer ces personnes hors jauge ?",
            "Elles ont une place en plus de celles de l’événement : personne ne perd la sienne, "
            "et la liste d’attente ne bouge pas.",
            _beyond,
            reason="Pourquoi hors jauge ?",
            required=True,
        )
        return self._move(request, queryset, asked)

    @admin.action(description="Mettre sur liste d’attente")
    def put_on_waiting_list(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        asked = Asked(
            "put_on_waiting_list",
            "Mettre ces personnes sur liste d’attente ?",
            "Elles prennent place à la fin de la liste ; les places libérées vont aux suivantes.",
            _status(RegistrationStatus.WAITLISTED),
        )
        return self._move(request, queryset, asked)

    @admin.action(description="Noter excusé·e")
    def excuse(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        asked = Asked(
            "excuse",
            "Noter ces personnes excusées ?",
            "Une excuse n’est pas comptée comme une absence ; les places libérées vont aux "
            "personnes suivantes de la liste d’attente.",
            _status(RegistrationStatus.EXCUSED),
            reason="Motif, si vous le connaissez",
        )
        return self._move(request, queryset, asked)

    @admin.action(description="Annuler, avec un courriel")
    def cancel_with_mail(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        asked = Asked(
            "cancel_with_mail",
            "Annuler ces inscriptions ?",
            "Les places libérées vont aux personnes suivantes de la liste d’attente.",
            _status(RegistrationStatus.CANCELLED),
            reason="Motif, écrit dans le courriel",
        )
        return self._move(request, queryset, asked)

    @admin.action(description="Marquer présent·e à toutes les séances")
    def mark_present(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        asked = Asked(
            "mark_present",
            "Noter la présence de ces personnes ?",
            "À toutes les séances de leur événement, comme à l’accueil.",
            _presence,
            after="Présent·e à toutes les séances",
        )
        return self._move(request, queryset, asked)

    @admin.action(description="Retirer la présence à toutes les séances")
    def unmark_present(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        asked = Asked(
            "unmark_present",
            "Retirer la présence de ces personnes ?",
            "À toutes les séances de leur événement. L’inscription reste.",
            _absence,
            after="Aucune présence",
        )
        return self._move(request, queryset, asked)

    @admin.action(description="Écrire à ces personnes")
    def write_to(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        """A draft: the next page shows it with its list, and sends it."""
        named = queryset.exclude(person=None)
        event_ids = set(named.order_by().values_list("event", flat=True))
        if len(event_ids) != 1:
            messages.error(request, "Choisissez des personnes d’un seul événement.")
            return None
        (event_id,) = event_ids
        form = ChosenLetterForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            letter = services.draft_letter(
                event_id=event_id, registrations=named, **form.cleaned_data
            )
            return redirect("events:letter", event_id, letter.pk)
        context = self._context(request, queryset, "write_to") | {
            "title": "Écrire à ces personnes",
            "effect": "Rien ne part tout de suite : la page suivante montre le message et la liste "
            "des destinataires.",
            "form": form,
            "submit": "Voir qui le recevra",
            "people": plural(named.count(), "personne"),
        }
        return self._shown(request, context)

    # -- one way for all ---------------------------------------------------------------------------

    def _move(self, request: HttpRequest, queryset: Rows, asked: Asked) -> HttpResponse | None:
        rows = list(queryset.select_related("event", "person", "team"))
        reason = request.POST.get("reason", "").strip().rstrip(".")[:200]
        lacking = asked.required and not reason
        try:
            if "apply" in request.POST and not lacking:
                self._make(request, rows, asked, reason)
                return None
            steps = _steps(request, rows, asked, reason or "…")
        except services.Refused as refusal:
            messages.error(request, typeset(str(refusal)))
            return None
        context = self._context(request, queryset, asked.code) | {
            "title": typeset(asked.title),
            "effect": typeset(asked.effect),
            "asks": typeset(asked.reason),
            "required": asked.required,
            "reason": reason,
            "error": typeset(_NO_REASON) if lacking and "apply" in request.POST else "",
            "submit": "Oui, faire ce changement",
        }
        return self._shown(request, context | preview(steps))

    def _make(
        self, request: HttpRequest, rows: list[Registration], asked: Asked, reason: str
    ) -> None:
        done = asked.make(request, rows, reason)
        for level, told in done.told:
            messages.add_message(request, level, typeset(told))
        description = getattr(self, asked.code).short_description
        undo.remember(
            request, f"{description} : {plural(len(done.moved), 'inscription')}", done.moved
        )

    def _context(self, request: HttpRequest, queryset: Rows, action: str) -> dict[str, Any]:
        return {
            "action": action,
            "chosen": request.POST.getlist("_selected_action"),
            "across": request.POST.get("select_across") == "1",
            "back": request.get_full_path(),
        }

    def _shown(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        page_of: Any = self
        shared = {**page_of.admin_site.each_context(request), "opts": page_of.opts}
        return TemplateResponse(request, "admin/events/confirm_action.html", shared | context)


def preview(steps: Sequence[services.Step]) -> dict[str, Any]:
    """Who, what changes, which mails leave: for ``admin/events/confirm_action.html``."""
    chosen = [step for step in steps if step.chosen]
    others = [step for step in steps if not step.chosen]
    return {
        "count": len(chosen),
        "changing": sum(step.moves for step in chosen),
        "steps": chosen[:SHOWN],
        "others_count": len(others),
        "others": others[:SHOWN],
        "mails": sum(len(step.mails) for step in steps),
        "unreached": sum(step.moves and not step.mails for step in steps),
        "several": len({step.registration.event_id for step in steps}) > 1,
    }


def _steps(
    request: HttpRequest, rows: list[Registration], asked: Asked, reason: str
) -> list[services.Step]:
    if asked.after:
        return [
            services.Step(row, row.get_status_display(), asked.after, chosen=True, mails=[])
            for row in rows
        ]
    return services.rehearse(
        events={row.event_id for row in rows},
        chosen={row.pk for row in rows},
        make=lambda: asked.make(request, rows, reason),
    )


# -- what each does --------------------------------------------------------------------------------
def _status(status: RegistrationStatus) -> Make:
    def make(request: HttpRequest, rows: Sequence[Registration], reason: str) -> Done:
        user: Any = request.user
        changes = services.change_status(
            registrations=rows,
            status=status,
            by=user,
            on=today(),
            at=timezone.now(),
            reason=reason,
        )
        told = [(messages.SUCCESS, _changed(len(changes.changed)))]
        if changes.promoted:
            out = plural(len(changes.promoted), "personne sort", "personnes sortent")
            told.append((messages.INFO, f"{out} de la liste d’attente."))
        if changes.left:
            left = plural(len(changes.left), "inscription reste", "inscriptions restent")
            reasons = "plus de place libre, ou événement annulé"
            told.append((messages.WARNING, f"{left} en l’état : {reasons}."))
        return Done(changes.changed, told)

    return make


def _beyond(request: HttpRequest, rows: Sequence[Registration], reason: str) -> Done:
    """By event; a seat without a name stays what it is."""
    user: Any = request.user
    moved = [row for row in rows if row.person_id and row.status not in HOLDING]
    for event in sorted({row.event for row in moved}, key=lambda event: event.pk):
        services.place_beyond(
            event=event,
            people=[row.person for row in moved if row.event_id == event.pk and row.person],
            reason=reason,
            by=user,
            on=today(),
            at=timezone.now(),
        )
    told = [(messages.SUCCESS, _changed(len(moved)))]
    if left := len(rows) - len(moved):
        keeps = plural(left, "inscription reste", "inscriptions restent")
        told.append((messages.WARNING, f"{keeps} en l’état : une place, déjà, ou pas de nom."))
    return Done(moved, told)


def _presence(request: HttpRequest, rows: Sequence[Registration], reason: str) -> Done:
    user: Any = request.user
    new = services.mark_present(registrations=rows, by=user, at=timezone.now())
    return Done(told=[(messages.SUCCESS, f"{plural(new, 'présence notée', 'présences notées')}.")])


def _absence(request: HttpRequest, rows: Sequence[Registration], reason: str) -> Done:
    user: Any = request.user
    gone = services.unmark_present(registrations=rows, by=user, at=timezone.now())
    told = plural(gone, "présence retirée", "présences retirées")
    return Done(told=[(messages.SUCCESS, f"{told}.")])


def _changed(number: int) -> str:
    return f"{plural(number, 'inscription modifiée', 'inscriptions modifiées')}."
