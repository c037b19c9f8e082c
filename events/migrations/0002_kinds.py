"""The kinds of action of 2023, each under the code of its category."""

from django.db import migrations

# code and category, label, chapter of the report, what is counted, rhythm, audiences
KINDS = (
    (1, ("project_meeting", "Réunion d’information porteurs de projet", "projects", "participants", "half_day", ["public"])),
    (3, ("team_visit", "À la rencontre d’une équipe", "projects", "meetings", "half_day", ["members"])),
    (4, ("thematic_meeting", "Réunion d’information thématique", "teams", "registered", "half_day", ["members"])),
    (8, ("information_cycle", "Cycle d’information", "teams", "participants", "sessions", ["members"])),
    (9, ("practice", "Ma MSP en pratique", "teams", "participants", "half_day", ["members"])),
    (10, ("training", "Formation", "news", "participants", "day", ["members"])),
    (11, ("working_group", "Groupe de travail", "teams", "teams", "sessions", ["members"])),
    (13, ("local_group_meeting", "Rencontre de groupe local", "network", "participations", "half_day", ["coordinators"])),
    (14, ("regional_meeting", "Rencontre régionale", "network", "teams", "day", ["coordinators", "leaders"])),
    (16, ("regional_day", "Journée régionale", "teams", "participants", "day", ["public"])),
    (24, ("committee", "Comité régional", "news", "meetings", "half_day", ["members"])),
)


def create_kinds(apps, schema_editor):
    kind = apps.get_model("events", "ActionKind")
    for position, (code, label, chapter, counted, rhythm, audiences) in KINDS:
        kind.objects.create(
            code=code,
            label=label,
            category=code,
            chapter=chapter,
            counted=counted,
            rhythm=rhythm,
            audiences=audiences,
            position=position,
        )


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunPython(create_kinds, migrations.RunPython.noop)]
