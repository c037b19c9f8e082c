from members.models.accounts import User
from members.models.memberships import Membership
from members.models.people import Affiliation, Person, PersonEmail, Position, Profession
from members.models.scans import FormQuestion, Question, Scan, ScanAnswer, ScanForm, ScanHeadcount
from members.models.support import Accompaniment, AccompanimentTeam, FirstContact
from members.models.teams import Team

__all__ = [
    "Accompaniment",
    "AccompanimentTeam",
    "Affiliation",
    "FirstContact",
    "FormQuestion",
    "Membership",
    "Person",
    "PersonEmail",
    "Position",
    "Profession",
    "Question",
    "Scan",
    "ScanAnswer",
    "ScanForm",
    "ScanHeadcount",
    "Team",
    "User",
]
