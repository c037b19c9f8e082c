"""The member teams: where they are, who works there, what they do."""

from collections.abc import Sequence

from apmsl.lib import typography
from apmsl.lib.charts import Bars, Drawing, RegionMap, Ring
from apmsl.lib.rounding import LEAST
from reports.builders.activity.material import Material
from reports.builders.activity.report import Portrait
from reports.builders.figures import Figure

BESIDE_MAP = (
    ("teams_constituted", "équipe constituée", "équipes constituées"),
    ("teams_in_project", "équipe en projet", "équipes en projet"),
    ("isolated_professionals", "professionnel isolé", "professionnels isolés"),
    ("teams_without_aci", "équipe sans ACI", "équipes sans ACI"),
)
KEY_FIGURES = (
    ("professionals", "professionnel", "professionnels"),
    ("signatories_mean", "signataire par équipe", "signataires par équipe"),
    ("categories_mean", "profession par équipe", "professions par équipe"),
    ("teams_median_age", "an d’âge médian", "ans d’âge médian"),
    ("patients", "patient suivi", "patients suivis"),
    ("patients_population_pct", "de la population régionale", ""),
)
# Share, its words, how many teams that is.
SITES = (
    ("teams_multi_site_pct", "d’équipes sur plusieurs sites", "teams_multi_site"),
    ("teams_single_site_pct", "d’équipes sur un seul site", "teams_single_site"),
)
COORDINATION = (
    ("coordinators_in_network_pct", "membres du réseau"),
    ("coordinators_pacte_pct", "formés par PACTE"),
    ("coordinators_self_employed_pct", "par ailleurs libéraux"),
)
PRACTICES = (
    ("scan_hosts_trainees_pct", "accueillent des stagiaires"),
    ("scan_prevention_pct", "mènent des actions de prévention"),
    ("scan_therapeutic_education_pct", "proposent de l’éducation thérapeutique"),
    ("scan_protocols_pct", "ont des protocoles pluriprofessionnels"),
    ("scan_involves_users_pct", "impliquent les usagers"),
    ("scan_cpts_member_pct", "sont membres d’une CPTS"),
)


def portrait(material: Material) -> Portrait:
    return Portrait(
        intro=material.text("members"),
        map=_map(material),
        beside_map=_figures(material, BESIDE_MAP),
        figures=_figures(material, (*KEY_FIGURES, *_sites(material))),
        professions=_professions(material),
        coordination=_rings(material, COORDINATION),
        practices=_rings(material, PRACTICES),
        base=_base(material),
        note=_coordinators(material),
    )


def _figures(material: Material, rows: Sequence[tuple[str, str, str]]) -> Sequence[Figure]:
    """Nothing of what no form has told yet."""
    figures = [material.figure(*row) for row in rows]
    return [figure for figure in figures if figure.value]


def _sites(material: Material) -> Sequence[tuple[str, str, str]]:
    """« d’équipes sur un seul site (15) »."""
    return [
        (share, f"{words} ({typography.number(material.value(count) or 0)})", "")
        for share, words, count in SITES
    ]


def _map(material: Material) -> RegionMap | None:
    values = material.value("teams_by_department")
    if not values:
        return None
    return RegionMap(
        key="teams-by-department",
        title="Équipes constituées par département",
        values=values,
        dots=material.lists.dots,
        width=600,
    )


def _professions(material: Material) -> Drawing | None:
    items = material.items("professionals_by_profession", "%")
    if not items:
        return None
    return Bars(
        key="professionals-by-profession",
        title="Les cinq premières professions",
        items=items,
        width=330,
        size=11,
    )


def _rings(material: Material, rows: tuple[tuple[str, str], ...]) -> list[Drawing]:
    return [
        Ring(key=indicator.replace("_", "-"), title=label, value=material.value(indicator))
        for indicator, label in rows
        if material.value(indicator) is not None
    ]


def _coordinators(material: Material) -> str:
    count = material.figure("coordinators", "coordinateur", "coordinateurs")
    if not count.is_known:
        return ""
    text = f"{count.text}{typography.NBSP}{count.label} dans les équipes constituées"
    pairs = material.figure("teams_with_pair_pct", "des équipes en binôme")
    return f"{text} ; {pairs.text} {pairs.label}" if pairs.is_known else text


def _base(material: Material) -> str:
    answered = material.figure("scans_answered", "équipe a répondu", "équipes ont répondu")
    share = material.figure("scans_answered_pct", "")
    if not answered.value:
        return ""
    if answered.value < LEAST:
        return "Moins de cinq équipes ont répondu au Scan’équipe : leurs réponses ne sont pas imprimées."
    return f"{answered.text}{typography.NBSP}{answered.label} au Scan’équipe ({share.text})."
