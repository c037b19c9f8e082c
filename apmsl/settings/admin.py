"""The administration: its menu, its colours, its imports and exports."""

from django.templatetags.static import static
from django.urls import reverse_lazy

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True


def _link(title: str, icon: str, model: str) -> dict[str, object]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{model}_changelist")}


UNFOLD = {
    "SITE_TITLE": "Administration",
    "SITE_HEADER": "Portail APMSL",
    "SITE_SUBHEADER": "Administration",
    "SITE_SYMBOL": "diversity_3",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("img/mark.svg"),
        }
    ],
    "SITE_URL": "/",
    "SHOW_VIEW_ON_SITE": True,
    "DASHBOARD_CALLBACK": "reports.admin.dashboard",
    "STYLES": [lambda request: static("css/admin.css")],
    "SCRIPTS": [lambda request: static("js/admin.js")],
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {
            "50": "oklch(97% .012 200)",
            "100": "oklch(94% .03 200)",
            "200": "oklch(88% .05 200)",
            "300": "oklch(78% .075 200)",
            "400": "oklch(64% .09 203)",
            "500": "oklch(52% .085 205)",
            "600": "oklch(45% .078 207)",
            "700": "oklch(38% .066 208)",
            "800": "oklch(32% .054 209)",
            "900": "oklch(26% .042 210)",
            "950": "oklch(20% .03 210)",
        }
    },
    "COMMAND": {"search_models": True, "show_history": False},
    "SIDEBAR": {
        "show_search": False,
        "command_search": True,
        "show_all_applications": True,
        "navigation": [
            {
                "title": "Aujourd’hui",
                "items": [
                    {
                        "title": "Tableau de bord",
                        "icon": "today",
                        "link": reverse_lazy("admin:index"),
                    },
                    {
                        "title": "Suivi des équipes",
                        "icon": "checklist",
                        "link": reverse_lazy("members:following"),
                    },
                    _link("Événements", "event", "events_event"),
                    _link("Inscriptions", "how_to_reg", "events_registration"),
                    _link("Messages", "mail", "events_eventletter"),
                    _link("Séries", "event_repeat", "events_series"),
                    _link("Types d’action", "category", "events_actionkind"),
                ],
            },
            {
                "title": "Adhérents",
                "items": [
                    _link("Équipes", "home_health", "members_team"),
                    _link("Personnes", "groups", "members_person"),
                    {
                        "title": "Doublons",
                        "icon": "join_inner",
                        "link": reverse_lazy("admin:members_person_duplicates"),
                    },
                    _link("Fonctions", "badge", "members_position"),
                    _link("Campagnes d’adhésion", "campaign", "members_campaign"),
                    _link("Adhésions", "card_membership", "members_membership"),
                    _link("Formulaires annuels", "quiz", "members_scanform"),
                    _link("Scan’équipe", "fact_check", "members_scan"),
                    _link("Premiers contacts", "call", "members_firstcontact"),
                    _link("Échanges", "forum", "members_exchange"),
                    _link("Accompagnements", "support", "members_accompaniment"),
                    _link("Départs", "logout", "members_departure"),
                    _link("Seuils", "straighten", "members_threshold"),
                    _link("Étapes d’accueil", "waving_hand", "members_welcomestep"),
                ],
            },
            {
                "title": "Trésorerie",
                "items": [
                    _link("Pièces", "receipt_long", "members_piece"),
                    _link("Sommes dues", "request_quote", "members_charge"),
                    _link("Paiements", "payments", "members_payment"),
                    _link("Relevé de la banque", "account_balance", "members_bankline"),
                    _link("Remises de chèques", "checkbook", "members_depositslip"),
                    _link("Versements des prestataires", "credit_score", "members_payout"),
                ],
            },
            {
                "title": "CRM",
                "items": [
                    _link("Lien avec le CRM", "sync", "members_crmbridge"),
                    _link("Champs échangés", "tune", "members_crmmapping"),
                    _link("Fiches reliées", "link", "members_crmrecord"),
                    _link("Désaccords", "call_split", "members_crmconflict"),
                ],
            },
            {
                "title": "Réseau et formations",
                "items": [
                    _link("Groupes locaux", "hub", "network_localgroup"),
                    _link("Enquête du réseau", "poll", "network_surveyanswer"),
                    _link("Promotions", "school", "training_cohort"),
                    _link("Parcours", "workspace_premium", "training_enrolment"),
                ],
            },
            {
                "title": "Ressources",
                "items": [
                    _link("Outils", "folder_open", "toolbox_tool"),
                    _link("Offres", "work", "toolbox_jobposting"),
                    _link("Prêts", "sync_alt", "toolbox_loan"),
                    _link("Lettres", "mail", "network_newsletter"),
                    _link("Articles", "article", "network_article"),
                ],
            },
            {
                "title": "Vie associative",
                "items": [
                    _link("Conseil d’administration", "groups_2", "network_boardterm"),
                    _link("Équipe salariée", "co_present", "network_staffpost"),
                    _link("Commissions", "forum", "network_commission"),
                    _link("Instances et mandats", "account_balance", "network_institution"),
                    _link("Partenaires", "handshake", "network_partner"),
                ],
            },
            {
                "title": "Rapport annuel",
                "items": [
                    _link("Textes", "edit_note", "reports_reporttext"),
                    _link("Chiffres extérieurs", "query_stats", "reports_externalfigure"),
                ],
            },
        ],
    },
}
