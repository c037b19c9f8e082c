"""Where the portal keeps something about a person, and what they are given when they ask.

Every model with a path to a person, to an account or to an address stands here, once: as a
``Source``, or in ``LEFT_OUT`` with the reason (tests/members/test_data_rights.py holds it). The
whole portal's in one list, by name, since it is read as a whole: it is the register of what a copy
of one's data holds.
"""

from dataclasses import dataclass

from django.db.models import Q

FEDERATION, SELF, TEAM, PORTAL = "la fédération", "vous", "l’équipe", "le portail"
STAFF_ONLY = "l’équipe salariée"
MEMBERS = "les adhérents, dans l’annuaire"
INSIDE = "l’équipe, le conseil d’administration et l’équipe salariée"
EVERYONE = "tout le monde"

IDENTITY = "Identité et coordonnées"
POSTS = "Équipes et fonctions"
ACCOUNT = "Compte et sécurité"
TAKING_PART = "Événements et formations"
FEDERATION_LIFE = "Vie de la fédération"
MONEY = "Adhésion et paiements"
EXCHANGES = "Échanges et demandes"
TEAM_LIFE = "Vie de l’équipe"
FORM = "Formulaire de l’année"
THEMES = (
    IDENTITY,
    POSTS,
    TAKING_PART,
    FEDERATION_LIFE,
    MONEY,
    EXCHANGES,
    ACCOUNT,
    TEAM_LIFE,
    FORM,
)


@dataclass(frozen=True)
class Source:
    """``person``, ``email`` and ``team``: the lookup that finds the rows of one. Without any of
    them, only the part that a person played (« saisi par ») is told. ``hidden``: secrets, and what
    says something of others."""

    model: str
    theme: str
    person: str = ""
    email: str = ""
    team: str = ""
    origin: str = FEDERATION
    seen_by: str = STAFF_ONLY
    hidden: tuple[str, ...] = ()
    own: tuple[str, ...] = ()  # for the person, not for the team
    through: str = ""  # what leads to a person or a team as well: « charge »

    def rows_of_person(self, pk: int) -> Q:
        return self._found(self.person, "person", pk)

    def rows_of_team(self, pk: int) -> Q:
        return self._found(self.team, "team", pk)

    def _found(self, path: str, whose: str, pk: int) -> Q:
        found = Q(**{path: pk})
        return found | Q(**{f"{self.through}__{whose}": pk}) if self.through else found


SOURCES = (
    Source("members.Person", IDENTITY, "pk", seen_by=MEMBERS, hidden=("sort_name",)),
    Source("members.PersonEmail", IDENTITY, "person"),
    Source("members.ContactDetail", IDENTITY, "person", origin=SELF),
    Source("members.Consent", IDENTITY, "person", origin=SELF),
    Source("members.PersonMerge", IDENTITY, "kept"),
    Source("members.Affiliation", POSTS, "person", team="team", seen_by=MEMBERS),
    Source(
        "members.Position",
        POSTS,
        "person",
        team="team",
        seen_by=MEMBERS,
        own=(
            *("employment", "monthly_hours", "time_given", "time_unit"),
            *("job_description", "described_on", "formalisation", "formal_document"),
        ),
    ),
    Source("members.TeamManager", POSTS, "person", team="team", origin=TEAM, seen_by=INSIDE),
    Source(
        "members.Invitation",
        POSTS,
        "person",
        team="team",
        origin=TEAM,
        seen_by="l’équipe et l’équipe salariée",
    ),
    Source("members.Departure", POSTS, "person", team="team", origin=TEAM, seen_by=INSIDE),
    Source("members.WelcomeDone", POSTS, "position__person"),
    Source("events.Registration", TAKING_PART, "person", origin="vous ou votre équipe"),
    Source("events.Attendance", TAKING_PART, "person"),
    Source("events.CheckIn", TAKING_PART, "person"),
    Source("events.Contributor", TAKING_PART, "person", seen_by=EVERYONE),
    Source("events.Decision", TAKING_PART, "owner", seen_by=MEMBERS),
    Source("events.ItemChoice", TAKING_PART, "registration__person", origin=SELF),
    Source("events.RegistrationAnswer", TAKING_PART, "registration__person", origin=SELF),
    Source("events.Certificate", TAKING_PART, "registration__person", origin=PORTAL),
    Source("events.SurveyInvitation", TAKING_PART, "registration__person", origin=PORTAL),
    Source("events.LetterRecipient", TAKING_PART, "registration__person", origin=PORTAL),
    Source("events.GuestRequest", TAKING_PART, email="email", origin=SELF),
    Source("events.SavedFilter", ACCOUNT, "user__person", origin=SELF),
    Source("events.CalendarFeed", ACCOUNT, "user__person", origin=SELF, hidden=("token",)),
    Source("training.Enrolment", TAKING_PART, "person"),
    Source("network.BoardTerm", FEDERATION_LIFE, "person", seen_by=EVERYONE),
    Source("network.StaffPost", FEDERATION_LIFE, "person", seen_by=EVERYONE),
    Source("network.GroupReferent", FEDERATION_LIFE, "person", seen_by=MEMBERS),
    Source("network.CommissionMember", FEDERATION_LIFE, "person", seen_by=EVERYONE),
    Source("network.Mandate", FEDERATION_LIFE, "person", seen_by=MEMBERS),
    Source("network.RepresentationMeeting", FEDERATION_LIFE, "person", seen_by=MEMBERS),
    Source(
        "reports.ReportComment",
        FEDERATION_LIFE,
        "author__person",
        origin=SELF,
        seen_by="le conseil d’administration et l’équipe salariée",
    ),
    Source("network.SurveyAnswer", FEDERATION_LIFE, "person", origin=SELF),
    Source("members.Membership", MONEY, "person", team="team", seen_by=INSIDE),
    Source("members.Charge", MONEY, "person", team="team", origin=PORTAL, seen_by=INSIDE),
    Source(
        "members.Piece",
        MONEY,
        "membership__person",
        team="membership__team",
        through="charge",
    ),
    Source(
        "members.Payment",
        MONEY,
        "membership__person",
        team="membership__team",
        through="charge",
    ),
    Source(
        "members.Checkout",
        MONEY,
        "membership__person",
        team="membership__team",
        origin=PORTAL,
        hidden=("key", "pay_url"),
        through="charge",
    ),
    Source(
        "members.Reminder",
        MONEY,
        "membership__person",
        team="membership__team",
        origin=PORTAL,
        hidden=("recipients",),
    ),
    Source(
        "members.CrmRecord",
        EXCHANGES,
        "person_number",
        team="team_number",
        origin=PORTAL,
        hidden=("claim", "claimed_until", "claimed_version", "last_error", "person_number"),
    ),
    Source(
        "members.CrmConflict",
        EXCHANGES,
        "record__person_number",
        team="record__team_number",
        origin=PORTAL,
    ),
    Source("members.Exchange", EXCHANGES, "person"),
    Source("members.DataRequest", EXCHANGES, "person", origin=SELF),
    Source(
        "mail.Message",
        EXCHANGES,
        email="recipient",
        origin=PORTAL,
        hidden=("html", "attachment", "object_key", "last_error"),
    ),
    Source("jobs.RunRequest", EXCHANGES, "user__person", origin=SELF),
    Source("members.User", ACCOUNT, "person", origin=PORTAL, hidden=("password",)),
    Source("account.EmailAddress", ACCOUNT, "user__person", origin=SELF),
    Source("mfa.Authenticator", ACCOUNT, "user__person", origin=SELF, hidden=("data",)),
    Source(
        "usersessions.UserSession",
        ACCOUNT,
        "user__person",
        origin=PORTAL,
        seen_by="vous",
        hidden=("session_key", "data"),
    ),
    # About a team: of a person, only the part they played.
    Source("members.Team", TEAM_LIFE, team="pk", seen_by=EVERYONE, hidden=("search_text",)),
    Source("members.Site", TEAM_LIFE, team="team", seen_by=MEMBERS),
    Source("members.TeamFact", TEAM_LIFE, team="team", seen_by=INSIDE),
    Source("members.Accompaniment", TEAM_LIFE),
    Source("members.AccompanimentTeam", TEAM_LIFE, team="team", seen_by=INSIDE),
    Source("members.FirstContact", TEAM_LIFE),
    Source("network.LocalGroupTeam", TEAM_LIFE, team="team", seen_by=MEMBERS),
    Source("toolbox.JobPosting", TEAM_LIFE, team="team", origin=TEAM, seen_by=EVERYONE),
    Source("toolbox.Loan", TEAM_LIFE, team="team", origin=TEAM),
    Source("members.Scan", FORM, team="team", origin=TEAM, seen_by=INSIDE),
    Source("members.ScanAnswer", FORM, team="scan__team", origin=TEAM, seen_by=INSIDE),
    Source("members.ScanHeadcount", FORM, team="scan__team", origin=TEAM, seen_by=INSIDE),
    Source("members.DepositSlip", MONEY),
    Source("members.Payout", MONEY),
    Source("reports.SheetLayout", TEAM_LIFE, team="team", origin=TEAM, seen_by=INSIDE),
    Source("reports.Testimony", TEAM_LIFE, team="team", seen_by=EVERYONE),
    Source("reports.ReportText", FEDERATION_LIFE, seen_by=EVERYONE),
    Source(
        "reports.ReportVersion",
        FEDERATION_LIFE,
        seen_by=EVERYONE,
        hidden=(
            *("figures", "counts", "texts", "landmarks", "chapters", "printed", "names"),
            *("html", "slides", "digest"),
        ),
    ),
)

LEFT_OUT = {
    "members.NotDuplicate": (
        "Une note de travail : deux fiches qui se ressemblent sont celles de deux personnes."
    ),
    "account.EmailConfirmation": "Des clés secrètes qui servent une fois ; l’adresse est donnée.",
    "admin.LogEntry": (
        "Le journal de sécurité de l’administration nomme d’autres personnes ; ce que vous avez"
        " changé est dans l’historique de chaque donnée."
    ),
    "pghistory.MiddlewareEvents": (
        "Une vue d’ensemble des historiques, qui sont donnés avec chaque donnée."
    ),
    "members.CrmBridge": "Le réglage du lien avec le CRM ; ce qui y est parti de vous est donné.",
    "events.Party": "Qui s’inscrit avec qui ; votre inscription est donnée.",
    "events.EventLetter": "Les messages de la fédération aux participants ; ceux reçus sont donnés.",
    "events.SatisfactionAnswer": "Ce que pensent les personnes venues, sans rien qui dise qui répond.",
    "members.BankLine": "Le relevé de la fédération ; les paiements reconnus sont donnés.",
    "members.Notice": "L’avis technique d’un prestataire ; le paiement en ligne est donné.",
}
