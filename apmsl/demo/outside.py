"""Figures of the demonstration that no record can give, as the staff would have entered them.

They are those of the activity report of 2023, with who says them. ``SOURCES`` completes the figures
that came with the records; ``LANDMARKS`` are printed by the report as they are.
"""

from dataclasses import dataclass
from datetime import date

YEAR = 2023
LAST_DAY = date(2023, 12, 31)

SOURCES = {
    "region_population": "Insee, populations légales",
    "site_visitors": "Mesure d’audience du site",
    "site_page_views": "Mesure d’audience du site",
    "linkedin_followers": "Statistiques de la page LinkedIn",
    "linkedin_posts": "Statistiques de la page LinkedIn",
    "linkedin_views": "Statistiques de la page LinkedIn",
    "flash_diagnosis_sessions": "Statistiques de l’outil de diagnostic flash",
    "declared_actions": "Déclaration de l’équipe salariée",
    "declared_participants": "Déclaration de l’équipe salariée",
}

# What the agreement plans for the year, by indicator: invented, for the dashboard to have something.
PLANNED = {
    "thematic_meeting_count": 12,
    "practice_count": 6,
    "local_group_meeting_count": 24,
    "regional_meeting_count": 2,
    "first_contacts": 20,
}
PLANNED_SOURCE = "Volumes d’exemple de la démonstration"


@dataclass(frozen=True)
class Landmark:
    key: str
    value: int
    label: str
    source: str
    chapter: str
    unit: str = "number"


_LAW = "Convention avec le cabinet juridique"
_PLATFORM = "Convention avec la plateforme"
_CRSA = "ARS, présentation de la CRSA"
_GCS = "GCS e-santé"
_AVEC = "AVECSanté"
_CLAP = "Cahier des charges des ESP CLAP"
_LOANS = "Règlement du prêt de matériel"
_STAFF = "Décompte de l’équipe salariée"
_EHESP = "Convention avec l’EHESP"
_PROJECT = "Projet associatif"

LANDMARKS = (
    # -- representation ----------------------------------------------------------------------------
    Landmark(
        "national_plan_teams",
        4_000,
        "Maisons de santé visées en France en 2027",
        "Ministère chargé de la santé, plan « 4 000 MSP »",
        "representation",
    ),
    Landmark("crsa_members", 100, "Membres de la CRSA, une centaine", _CRSA, "representation"),
    Landmark("crsa_colleges", 8, "Collèges de la CRSA", _CRSA, "representation"),
    Landmark("crsa_commissions", 4, "Commissions spécialisées de la CRSA", _CRSA, "representation"),
    Landmark(
        "cats_per_department",
        1,
        "Comité d’accompagnement territorial (CATS) par département",
        "ARS Pays de la Loire",
        "representation",
    ),
    Landmark(
        "france_assos_members",
        40,
        "Associations réunies par France Assos Santé, au moins",
        "France Assos Santé",
        "representation",
    ),
    Landmark("gcs_members", 300, "Adhérents du GCS e-santé, au moins", _GCS, "representation"),
    Landmark("gcs_axes", 3, "Axes de travail avec le GCS e-santé", _GCS, "representation"),
    Landmark(
        "gcs_created", 2011, "Création du GCS e-santé, en juillet", _GCS, "representation", "year"
    ),
    Landmark(
        "srae_created",
        2012,
        "Création des structures régionales d’appui (SRAE)",
        "SRAE",
        "representation",
        "year",
    ),
    Landmark(
        "inter_urps_created",
        2019,
        "Création de l’Inter-URPS",
        "Inter-URPS",
        "representation",
        "year",
    ),
    Landmark(
        "law_firm_years",
        35,
        "Années d’expérience du cabinet juridique partenaire, au moins",
        _LAW,
        "representation",
    ),
    Landmark(
        "law_firm_member_rate",
        150,
        "Une heure au cabinet juridique, pour les adhérents",
        _LAW,
        "representation",
        "euro",
    ),
    Landmark(
        "law_firm_usual_rate",
        220,
        "Une heure au cabinet juridique, au tarif usuel",
        _LAW,
        "representation",
        "euro",
    ),
    Landmark(
        "platform_discount",
        10,
        "Remise sur un nouvel abonnement à la plateforme partenaire",
        _PLATFORM,
        "representation",
        "percent",
    ),
    Landmark(
        "platform_project_price",
        100,
        "Un mois de plateforme pour une équipe en constitution, TTC",
        _PLATFORM,
        "representation",
        "euro",
    ),
    Landmark(
        "platform_project_months",
        12,
        "Mois de ce tarif, au plus",
        _PLATFORM,
        "representation",
    ),
    Landmark(
        "avec_federations",
        15,
        "Fédérations régionales du mouvement",
        _AVEC,
        "representation",
    ),
    Landmark(
        "avec_participants",
        1_000,
        "Participants aux Rencontres nationales chaque année, au moins",
        _AVEC,
        "representation",
    ),
    Landmark(
        "avec_thursdays",
        1,
        "« Jeudi des régions » chaque mois",
        _AVEC,
        "representation",
    ),
    # -- teams in project --------------------------------------------------------------------------
    Landmark(
        "clap_agreement",
        2022,
        "Signature de la convention sur les ESP CLAP",
        "Convention ESP CLAP",
        "projects",
        "year",
    ),
    Landmark(
        "clap_prefer_msp_from",
        3,
        "Médecins à partir desquels le modèle de la MSP est privilégié",
        _CLAP,
        "projects",
    ),
    Landmark(
        "clap_evolves_from",
        4,
        "Médecins à partir desquels une ESP CLAP s’engage à évoluer",
        _CLAP,
        "projects",
    ),
    Landmark(
        "clap_evolves_within",
        4,
        "Années de fonctionnement avant d’évoluer, au plus",
        _CLAP,
        "projects",
    ),
    Landmark(
        "clap_funded_years",
        5,
        "Années de fonctionnement financées, au plus",
        _CLAP,
        "projects",
    ),
    # -- teams at work -----------------------------------------------------------------------------
    Landmark(
        "guides_women",
        330,
        "Guides « Santé des femmes » distribués, sans ceux de la Mutualité",
        _STAFF,
        "teams",
    ),
    Landmark(
        "guides_mental",
        384,
        "Guides « Santé mentale » distribués, sans ceux de la Mutualité",
        _STAFF,
        "teams",
    ),
    Landmark("guides", 2, "Guides ressources disponibles", _STAFF, "teams"),
    Landmark("loan_days", 15, "Jours que dure un prêt", _LOANS, "teams"),
    Landmark("loan_renewals", 1, "Renouvellement d’un prêt, au plus", _LOANS, "teams"),
    Landmark(
        "loan_months",
        3,
        "Mois de prêt dans l’année, le service ayant ouvert en octobre",
        _STAFF,
        "teams",
    ),
    Landmark(
        "quality_levels",
        3,
        "Niveaux de la démarche qualité de l’ACI",
        "Avenant à l’accord conventionnel",
        "teams",
    ),
    Landmark("escape_paths", 3, "Parcours du jeu Sant’escape", _STAFF, "teams"),
    Landmark(
        "participatory_years",
        2,
        "Années de l’expérimentation nationale des structures participatives",
        "Article 51, texte de 2021",
        "teams",
    ),
    # -- network and trainings ---------------------------------------------------------------------
    Landmark(
        "regional_per_year",
        2,
        "Rencontres régionales proposées chaque année",
        "Charte du réseau",
        "network",
    ),
    Landmark(
        "pacte_months_before", 18, "Mois de PACTE, jusqu’à la promotion 3", _EHESP, "training"
    ),
    Landmark("pacte_months", 15, "Mois de PACTE, depuis la promotion 4", _EHESP, "training"),
    Landmark(
        "trainers_online",
        3,
        "Pauses en visioconférence des formateurs relais",
        _STAFF,
        "training",
    ),
    Landmark(
        "trainers_process_days",
        3,
        "Jours de Process Com des formateurs relais",
        _STAFF,
        "training",
    ),
    # -- the association ---------------------------------------------------------------------------
    Landmark(
        "cpom_years",
        5,
        "Années du contrat d’objectifs et de moyens",
        "CPOM signé avec l’ARS",
        "governance",
    ),
    Landmark("board_term", 3, "Années d’un mandat d’administration", "Statuts", "governance"),
    Landmark("federation_age", 13, "Années d’expérience de la fédération", "Statuts", "governance"),
    Landmark(
        "flagship_projects",
        2,
        "Projets phares nés des commissions",
        "Conseil d’administration",
        "governance",
    ),
    Landmark("project_axes", 3, "Axes stratégiques", _PROJECT, "governance"),
    Landmark("project_years", 5, "Années de la feuille de route", _PROJECT, "governance"),
)
