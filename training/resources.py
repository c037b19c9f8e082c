"""The files of cohorts, seminars and the people enrolled."""

from apmsl.lib.imports import tables
from apmsl.lib.imports.fields import columns_of
from apmsl.lib.imports.tables import Table, Target
from training.models import Cohort, Enrolment, Seminar

COHORTS = Table(
    name="cohorts",
    label="Promotions",
    columns=columns_of(Cohort, "code programme name number starts_on ends_on hours"),
    key=("code",),
    title=("name",),
    targets=(Target(Cohort, key=("code",)),),
)

SEMINARS = Table(
    name="seminars",
    label="Séminaires",
    columns=columns_of(Seminar, "cohort number held_on mode"),
    key=("cohort", "number"),
    targets=(Target(Seminar, key=("cohort", "number")),),
)

ENROLMENTS = Table(
    name="enrolments",
    label="Parcours",
    columns=columns_of(Enrolment, "cohort person status defended_on result result_on"),
    key=("cohort", "person"),
    targets=(Target(Enrolment, key=("cohort", "person")),),
)


tables.register(COHORTS, SEMINARS, ENROLMENTS)
