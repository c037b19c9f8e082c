from network.models.communication import Article, Newsletter
from network.models.governance import (
    BoardTerm,
    Commission,
    CommissionMeeting,
    CommissionMember,
    StaffPost,
)
from network.models.groups import (
    GroupMeeting,
    GroupReferent,
    LocalGroup,
    LocalGroupTeam,
    SurveyAnswer,
)
from network.models.representation import (
    Institution,
    Mandate,
    Partner,
    PartnerAgreement,
    RepresentationMeeting,
)

__all__ = [
    "Article",
    "BoardTerm",
    "Commission",
    "CommissionMeeting",
    "CommissionMember",
    "GroupMeeting",
    "GroupReferent",
    "Institution",
    "LocalGroup",
    "LocalGroupTeam",
    "Mandate",
    "Newsletter",
    "Partner",
    "PartnerAgreement",
    "RepresentationMeeting",
    "StaffPost",
    "SurveyAnswer",
]
