from members.models.accounts import User
from members.models.bank import BankLine
from members.models.campaigns import Campaign, CampaignStep, FeeScale, FeeStep, Reminder
from members.models.contacts import Consent, ContactDetail, DataRequest
from members.models.crm import CrmBridge, CrmConflict, CrmMapping, CrmRecord, CrmRun
from members.models.debts import Charge, Debt
from members.models.duplicates import NotDuplicate, PersonMerge
from members.models.exchanges import Exchange
from members.models.life import Site, TeamFact, Threshold, WelcomeDone, WelcomeStep
from members.models.memberships import Membership
from members.models.money import (
    Checkout,
    DepositSlip,
    Notice,
    Payment,
    Payout,
    Piece,
    PieceSeries,
)
from members.models.outbox import CrmSignal
from members.models.people import Affiliation, Person, PersonEmail, Position, Profession
from members.models.scans import (
    FormQuestion,
    FormSection,
    Question,
    Scan,
    ScanAnswer,
    ScanForm,
    ScanHeadcount,
)
from members.models.support import Accompaniment, AccompanimentTeam, FirstContact
from members.models.team_account import Departure, Invitation, TeamManager
from members.models.teams import Team

__all__ = [
    "Accompaniment",
    "AccompanimentTeam",
    "Affiliation",
    "BankLine",
    "Campaign",
    "CampaignStep",
    "Charge",
    "Checkout",
    "Consent",
    "ContactDetail",
    "CrmBridge",
    "CrmConflict",
    "CrmMapping",
    "CrmRecord",
    "CrmRun",
    "CrmSignal",
    "DataRequest",
    "Debt",
    "Departure",
    "DepositSlip",
    "Exchange",
    "FeeScale",
    "FeeStep",
    "FirstContact",
    "FormQuestion",
    "FormSection",
    "Invitation",
    "Membership",
    "NotDuplicate",
    "Notice",
    "Payment",
    "Payout",
    "Person",
    "PersonEmail",
    "PersonMerge",
    "Piece",
    "PieceSeries",
    "Position",
    "Profession",
    "Question",
    "Reminder",
    "Scan",
    "ScanAnswer",
    "ScanForm",
    "ScanHeadcount",
    "Site",
    "Team",
    "TeamFact",
    "TeamManager",
    "Threshold",
    "User",
    "WelcomeDone",
    "WelcomeStep",
]
