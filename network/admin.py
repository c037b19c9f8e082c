from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalInline, ReadOnlyInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from members.admin.memberships import MembershipAdmin
from members.models import Membership
from network.models import (
    Article,
    BoardTerm,
    Commission,
    CommissionMeeting,
    CommissionMember,
    GroupMeeting,
    GroupReferent,
    Institution,
    LocalGroup,
    LocalGroupTeam,
    Mandate,
    Newsletter,
    Partner,
    PartnerAgreement,
    RepresentationMeeting,
    StaffPost,
    SurveyAnswer,
)


class LocalGroupFilter(admin.SimpleListFilter):
    title = "groupe local"
    parameter_name = "groupe"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        groups = LocalGroup.objects.open_on(today()).order_by("name", "pk")
        return [(str(pk), name) for pk, name in groups.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> Any:
        if not (self.value() or "").isdigit():
            return queryset
        teams = LocalGroupTeam.objects.on(today()).filter(group=self.value()).values("team")
        return queryset.filter(team__in=teams)


# Groups are of this app: the board of a campaign, in a lower one, learns here to filter by them.
MembershipAdmin.list_filter = (*MembershipAdmin.list_filter, LocalGroupFilter)


class LocalGroupTeamInline(PortalInline):
    model = LocalGroupTeam
    verbose_name_plural = "équipes"
    autocomplete_fields = ("team",)
    fields = ("team", "joined_on", "left_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LocalGroupTeam]:
        rows = super().get_queryset(request).select_related("team")
        return rows.order_by("team__sort_name", "pk")


class GroupReferentInline(PortalInline):
    model = GroupReferent
    verbose_name_plural = "référent·es"
    autocomplete_fields = ("person",)
    fields = ("person", "started_on", "ended_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroupReferent]:
        rows = super().get_queryset(request).select_related("person")
        return rows.order_by("-started_on", "pk")


class GroupMeetingInline(ReadOnlyInline):
    model = GroupMeeting
    verbose_name_plural = "rencontres"
    fields = ("event",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroupMeeting]:
        rows = super().get_queryset(request).select_related("event")
        return rows.order_by("-event__starts_on", "pk")


@admin.register(LocalGroup)
class LocalGroupAdmin(SheetsModelAdmin):
    table = "local_groups"
    list_display = ("name", "department", "team_count", "closed_on")
    list_filter = (("department", ChoicesDropdownFilter),)
    search_fields = ("name", "code")
    ordering = ("name", "pk")
    inlines = (GroupReferentInline, LocalGroupTeamInline, GroupMeetingInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LocalGroup]:
        now = Count("group_teams", filter=Q(group_teams__left_on__isnull=True))
        return super().get_queryset(request).annotate(teams=now)

    @display(description="équipes", ordering="teams")
    def team_count(self, group: Any) -> int:
        return group.teams


@admin.register(SurveyAnswer)
class SurveyAnswerAdmin(SheetsModelAdmin):
    table = "survey_answers"
    list_display = ("year", "team", "answered_on", "profile", "organisation", "monthly_hours")
    list_filter = (
        "year",
        ("profile", ChoicesDropdownFilter),
        ("organisation", ChoicesDropdownFilter),
    )
    list_select_related = ("team",)
    search_fields = ("team__search_text",)
    autocomplete_fields = ("team", "person")
    ordering = ("-year", "-answered_on", "pk")


class MandateInline(PortalInline):
    model = Mandate
    verbose_name_plural = "mandats"
    autocomplete_fields = ("person",)
    fields = ("person", "rank", "started_on", "ended_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mandate]:
        return super().get_queryset(request).select_related("person").order_by("-started_on", "pk")


@admin.register(Institution)
class InstitutionAdmin(SheetsModelAdmin):
    table = "institutions"
    list_display = ("name", "department", "code")
    list_filter = (("department", ChoicesDropdownFilter),)
    search_fields = ("name", "code")
    ordering = ("name", "pk")
    inlines = (MandateInline,)


@admin.register(RepresentationMeeting)
class RepresentationMeetingAdmin(SheetsModelAdmin):
    table = "representation_meetings"
    list_display = ("held_on", "institution", "person")
    list_filter = (("held_on", RangeDateFilter), "institution")
    list_select_related = ("institution", "person")
    search_fields = ("institution__name", "person__sort_name")
    autocomplete_fields = ("institution", "person")
    ordering = ("-held_on", "pk")


class PartnerAgreementInline(PortalInline):
    model = PartnerAgreement
    verbose_name_plural = "conventions"
    fields = ("signed_on", "ended_on")


@admin.register(Partner)
class PartnerAdmin(SheetsModelAdmin):
    table = "partners"
    list_display = ("name", "code")
    search_fields = ("name", "code")
    ordering = ("name", "pk")
    inlines = (PartnerAgreementInline,)


@admin.register(BoardTerm)
class BoardTermAdmin(SheetsModelAdmin):
    table = "board_terms"
    list_display = ("person", "role", "started_on", "ended_on")
    list_filter = (("role", ChoicesDropdownFilter), ("started_on", RangeDateFilter))
    list_select_related = ("person",)
    search_fields = ("person__sort_name",)
    autocomplete_fields = ("person",)
    ordering = ("-started_on", "pk")


@admin.register(StaffPost)
class StaffPostAdmin(SheetsModelAdmin):
    table = "staff"
    list_display = ("person", "job", "is_director", "started_on", "ended_on")
    list_filter = ("is_director", ("started_on", RangeDateFilter))
    list_select_related = ("person",)
    search_fields = ("person__sort_name", "job")
    autocomplete_fields = ("person",)
    ordering = ("-started_on", "pk")


class CommissionMemberInline(PortalInline):
    model = CommissionMember
    verbose_name_plural = "membres"
    autocomplete_fields = ("person",)
    fields = ("person", "capacity")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CommissionMember]:
        return super().get_queryset(request).select_related("person").order_by("capacity", "pk")


class CommissionMeetingInline(PortalInline):
    model = CommissionMeeting
    verbose_name_plural = "réunions"
    fields = ("held_on",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CommissionMeeting]:
        return super().get_queryset(request).order_by("-held_on", "pk")


@admin.register(Commission)
class CommissionAdmin(SheetsModelAdmin):
    table = "commissions"
    list_display = ("name", "created_on", "closed_on")
    search_fields = ("name",)
    ordering = ("name", "pk")
    inlines = (CommissionMemberInline, CommissionMeetingInline)


@admin.register(Newsletter)
class NewsletterAdmin(SheetsModelAdmin):
    table = "newsletters"
    list_display = ("subject", "kind", "sent_on", "delivered", "opened", "open_rate")
    list_filter = (("kind", ChoicesDropdownFilter), ("sent_on", RangeDateFilter))
    search_fields = ("subject",)
    ordering = ("-sent_on", "pk")

    @display(description="taux d’ouverture")
    def open_rate(self, letter: Newsletter) -> str:
        if not letter.delivered:
            return "–"
        return f"{letter.opened / letter.delivered:.0%}".replace("%", "\u202f%")


@admin.register(Article)
class ArticleAdmin(SheetsModelAdmin):
    table = "articles"
    list_display = ("title", "kind", "published_on", "views")
    list_filter = (("kind", ChoicesDropdownFilter), ("published_on", RangeDateFilter))
    search_fields = ("title",)
    ordering = ("-published_on", "pk")
    readonly_fields = ("code", "views")
