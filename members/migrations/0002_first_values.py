"""What the texts say today of ESP CLAP teams, and a first welcome path; both are edited in the admin."""

from datetime import date

from django.db import migrations

THRESHOLDS = (
    ("clap_doctors", 4),
    ("clap_writing_year", 5),
    ("clap_notice_days", 180),
)
SOURCE = "Rapport d’activité 2023 de la fédération"
STEPS = (
    ("Appel de bienvenue", "Se présenter, écouter où en est l’équipe, dire ce que fait la fédération."),
    ("Compte ouvert sur le portail", "L’invitation est partie et la personne s’est connectée."),
    ("Kit de coordination remis", "Les premiers outils, choisis avec la personne."),
    ("Groupe local présenté", "Qui l’anime, quand est la prochaine rencontre."),
    ("Inscription au réseau proposée", "Le réseau régional des coordinateurs et coordinatrices."),
    ("Formations présentées", "PACTE et les autres, selon l’expérience."),
)


def seed(apps, schema_editor):
    threshold = apps.get_model("members", "Threshold")
    for key, value in THRESHOLDS:
        threshold.objects.create(
            key=key, value=value, applies_from=date(2021, 1, 1), source=SOURCE
        )
    step = apps.get_model("members", "WelcomeStep")
    for rank, (label, help_text) in enumerate(STEPS, 1):
        step.objects.create(label=label, help_text=help_text, rank=rank)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
