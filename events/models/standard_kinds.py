"""The kinds of action that the federation has always had; the staff adds others and renames these.

The code of a kind that is counted as itself in the report is that of its category: it is what the
column ``category`` of an imported file says.
"""

from events.enums import Category, Counted, ReportChapter, Rhythm

_MEMBERS, _COORDINATORS, _LEADERS = ["members"], ["coordinators"], ["leaders"]
_BOTH, _PUBLIC, _STAFF, _BOARD = ["coordinators", "leaders"], ["public"], ["staff"], ["board"]

# code, label, counted as, chapter, what is counted, rhythm, whom it is for
_P, _T, _N, _NET = (
    ReportChapter.PROJECTS,
    ReportChapter.TEAMS,
    ReportChapter.NEWS,
    ReportChapter.NETWORK,
)
_REP, _FED, _TRA = ReportChapter.REPRESENTATION, ReportChapter.FEDERATION, ReportChapter.TRAINING
_HALF, _DAY, _SEVERAL = Rhythm.HALF_DAY, Rhythm.DAY, Rhythm.SESSIONS

STANDARD = (
    (Category.PROJECT_MEETING, Category.PROJECT_MEETING.label, Category.PROJECT_MEETING, _P,
     Counted.PARTICIPANTS, _HALF, _PUBLIC),
    ("health_project_workshop", "Atelier d’écriture du projet de santé", "", _P,
     Counted.TEAMS, _SEVERAL, _MEMBERS),
    (Category.TEAM_VISIT, Category.TEAM_VISIT.label, Category.TEAM_VISIT, _P,
     Counted.MEETINGS, _HALF, _MEMBERS),
    (Category.THEMATIC_MEETING, Category.THEMATIC_MEETING.label, Category.THEMATIC_MEETING, _T,
     Counted.REGISTERED, _HALF, _MEMBERS),
    ("management_basics", "Les bases de gestion d’une MSP", Category.THEMATIC_MEETING, _P,
     Counted.PARTICIPANTS, _HALF, _MEMBERS),
    ("protocol_workshop", "Atelier d’écriture de protocoles", "", _T,
     Counted.SESSIONS, _SEVERAL, _MEMBERS),
    ("prevention_workshop", "Atelier d’écriture « Action de prévention »", "", _T,
     Counted.SESSIONS, _SEVERAL, _MEMBERS),
    (Category.INFORMATION_CYCLE, Category.INFORMATION_CYCLE.label, Category.INFORMATION_CYCLE, _T,
     Counted.PARTICIPANTS, _SEVERAL, _MEMBERS),
    (Category.PRACTICE, Category.PRACTICE.label, Category.PRACTICE, _T,
     Counted.PARTICIPANTS, _HALF, _MEMBERS),
    (Category.TRAINING, Category.TRAINING.label, Category.TRAINING, _N,
     Counted.PARTICIPANTS, _DAY, _MEMBERS),
    (Category.WORKING_GROUP, Category.WORKING_GROUP.label, Category.WORKING_GROUP, _T,
     Counted.TEAMS, _SEVERAL, _MEMBERS),
    ("software_users", "Groupe d’utilisateurs d’un logiciel", Category.THEMATIC_MEETING, _N,
     Counted.PARTICIPANTS, _HALF, _MEMBERS),
    (Category.LOCAL_GROUP_MEETING, Category.LOCAL_GROUP_MEETING.label,
     Category.LOCAL_GROUP_MEETING, _NET, Counted.PARTICIPATIONS, _HALF, _COORDINATORS),
    (Category.REGIONAL_MEETING, Category.REGIONAL_MEETING.label, Category.REGIONAL_MEETING, _NET,
     Counted.TEAMS, _DAY, _BOTH),
    ("leaders_meeting", "Rencontre régionale des leaders et gérants", Category.REGIONAL_MEETING,
     _NET, Counted.DEPARTMENTS, _DAY, _LEADERS),
    (Category.REGIONAL_DAY, Category.REGIONAL_DAY.label, Category.REGIONAL_DAY, _T,
     Counted.PARTICIPANTS, _DAY, _PUBLIC),
    ("legal_conference", "Web conférence juridique", Category.THEMATIC_MEETING, _N,
     Counted.REGISTERED, _HALF, _MEMBERS),
    ("pacte_seminar", "Séminaire PACTE", "", _TRA, Counted.PARTICIPANTS, _DAY, _COORDINATORS),
    ("representation", "Réunion de représentation", "", _REP, Counted.MEETINGS, _HALF, _BOARD),
    ("partner_meeting", "Rencontre avec un partenaire", "", _REP,
     Counted.MEETINGS, _HALF, _STAFF),
    ("regions_thursday", "Jeudi des régions", "", _REP, Counted.MEETINGS, _HALF, _STAFF),
    ("national_meeting", "Rencontres nationales", "", _REP, Counted.MEETINGS, _DAY, _PUBLIC),
    ("directors_group", "Groupe des directrices et directeurs", "", _REP,
     Counted.MEETINGS, _HALF, _STAFF),
    (Category.COMMITTEE, "Comité régional", Category.COMMITTEE, _N,
     Counted.MEETINGS, _HALF, _MEMBERS),
    ("commission", "Réunion de commission", "", _FED, Counted.MEETINGS, _HALF, _BOARD),
    ("escape_game", "Séance Sant’escape", "", _N, Counted.SESSIONS, _HALF, _MEMBERS),
)  # fmt: skip
