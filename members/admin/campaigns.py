"""The campaign of the year: its scales, its letters, its opening, and who will receive what."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.forms import PaginationInlineFormSet

from apmsl.lib.admin.model import PortalInline, PortalModelAdmin, link_to
from apmsl.lib.dates import today
from apmsl.lib.typography import money, plural
from members.models import Campaign, CampaignStep, FeeScale, FeeStep
from members.services import campaigns, reminders
from members.services.campaigns import CampaignRefused
from members.services.fees import Scale, hole

SHOWN = 300  # names of a preview


class ScaleInline(PortalInline):
    model = FeeScale
    verbose_name_plural = "barèmes"
    fields = ("category", "flat_cents", "counted", "cap_cents", "told_steps")
    readonly_fields = ("told_steps",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeeScale]:
        rows = super().get_queryset(request).select_related("counted").prefetch_related("steps")
        return rows.order_by("category", "pk")

    @display(description="tranches")
    def told_steps(self, scale: FeeScale) -> str:
        if not scale.pk:
            return "–"
        found = Scale.of(scale)
        told = [f"dès {step.from_head} : {money(step.cents_per_head)}" for step in found.steps]
        page = reverse("admin:members_feescale_change", args=[scale.pk])
        return link_to(
            page, "Modifier", " ; ".join(told + ([f"⚠ {found.hole}"] if found.hole else []))
        )


class LetterInline(PortalInline):
    model = CampaignStep
    verbose_name_plural = "lettres et rappels"
    fields = ("kind", "day", "subject", "body")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CampaignStep]:
        return super().get_queryset(request).order_by("day", "kind", "pk")


@admin.register(Campaign)
class CampaignAdmin(PortalModelAdmin):
    list_display = ("campaign", "opens_on", "closes_on", "due_on", "opened_at", "files")
    list_select_related = ("form",)
    ordering = ("-form__year",)
    inlines = (ScaleInline, LetterInline)
    readonly_fields = ("opened_at",)
    fieldsets = (
        (None, {"fields": (("form", "opened_at"), ("opens_on", "closes_on"), "due_on")}),
        ("Textes", {"fields": ("welcome", "payment_text")}),
    )
    actions_list = ("prepare_next", "who_receives_what")
    actions_detail = ("launch", "board")

    @display(description="campagne")
    def campaign(self, campaign: Campaign) -> str:
        return f"Campagne {campaign.year}"

    @display(description="dossiers")
    def files(self, campaign: Campaign) -> int:
        return campaign.memberships().count()

    @action(description="Préparer l’année suivante", icon="content_copy", url_path="preparer")
    def prepare_next(self, request: HttpRequest) -> HttpResponse:
        """A page that asks first: opening an address changes nothing."""
        last = Campaign.objects.select_related("form").order_by("-form__year").first()
        year = last.year + 1 if last else today().year + 1
        if request.method == "POST":
            campaign = campaigns.prepare(year=year)
            messages.success(request, f"La campagne {year} est prête à être relue.")
            return redirect(reverse("admin:members_campaign_change", args=[campaign.pk]))
        effect = (
            f"Les questions, les barèmes et les lettres de {last.year} sont recopiés, un an plus tard."
            if last
            else "Il n’y a pas encore de campagne : les dates d’usage sont proposées."
        )
        context = {"title": f"Préparer la campagne {year} ?", "effect": effect}
        return self._page(request, "admin/members/confirm.html", context)

    @action(description="Qui recevra quoi", icon="mail", url_path="envois")
    def who_receives_what(self, request: HttpRequest) -> HttpResponse:
        days = [today(), today() + timedelta(days=1)]
        planned = [(day, [_letter(row, day) for row in reminders.planned(day)]) for day in days]
        context = {"title": "Qui recevra quoi", "days": planned}
        return self._page(request, "admin/members/planned.html", context)

    @action(description="Lancer la campagne", icon="rocket_launch", url_path="lancer")
    def launch(self, request: HttpRequest, object_id: int) -> HttpResponse:
        campaign = self.get_queryset(request).get(pk=object_id)
        if request.method == "POST":
            return self._launch(request, campaign)
        teams = campaigns.teams_to_renew(campaign, today()).by_name()
        people = campaigns.people_to_renew(campaign).by_name()
        members = [str(row) for row in [*teams[:SHOWN], *people[:SHOWN]]]
        context = {
            "title": f"Lancer la campagne {campaign.year} ?",
            "count": teams.count() + people.count(),
            "members": members,
        }
        return self._page(request, "admin/members/launch.html", context)

    def _launch(self, request: HttpRequest, campaign: Campaign) -> HttpResponse:
        try:
            count = campaigns.open_campaign(
                campaign=campaign, by=request.user, on=today(), at=timezone.now()
            )
        except CampaignRefused as refusal:
            messages.error(request, str(refusal))
        else:
            opened = plural(count, "dossier ouvert", "dossiers ouverts")
            messages.success(request, f"La campagne {campaign.year} est lancée : {opened}.")
        return redirect(reverse("admin:members_campaign_change", args=[campaign.pk]))

    @action(description="Tableau de la campagne", icon="table_chart", url_path="tableau")
    def board(self, request: HttpRequest, object_id: int) -> HttpResponse:
        campaign = self.get_queryset(request).get(pk=object_id)
        return redirect(f"{reverse('admin:members_membership_changelist')}?year={campaign.year}")

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, name, {**shared, **context})


def _letter(row: reminders.Planned, day: Any) -> dict[str, Any]:
    files = reminders.waiting(row.step, day).select_related("team", "person").order_by("pk")
    members = [str(file.team or file.person) for file in files[:SHOWN]]
    return {"step": row.step, "files": row.files, "members": sorted(members)}


# -- scales ----------------------------------------------------------------------------------------
class StepFormSet(PaginationInlineFormSet):
    def clean(self) -> None:
        """The hole is said here, beside the steps, and again when the campaign is opened."""
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        starts = [
            form.cleaned_data["from_head"]
            for form in kept
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        if found := hole(self.instance.counted_id is not None, starts):
            raise forms.ValidationError(found)


class StepInline(PortalInline):
    model = FeeStep
    formset = StepFormSet
    verbose_name_plural = "tranches"
    fields = ("from_head", "cents_per_head")
    ordering = ("from_head",)


@admin.register(FeeScale)
class FeeScaleAdmin(PortalModelAdmin):
    """Reached from its campaign."""

    list_display = ("category", "campaign", "flat_cents", "cap_cents")
    list_select_related = ("campaign__form",)
    ordering = ("-campaign__form__year", "category")
    inlines = (StepInline,)
    fields = (("campaign", "category"), ("flat_cents", "cap_cents"), "counted")
