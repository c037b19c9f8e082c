"""Job postings and loans are a team's: whoever leads a member team acts for it."""

from members.access import COORDINATOR, LEADER, STAFF

ACTS_FOR_A_TEAM = COORDINATOR | LEADER
PUBLISHES = ACTS_FOR_A_TEAM | STAFF
