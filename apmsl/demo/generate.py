#!/usr/bin/env python3
"""Write a federation's records as a folder of CSV files (see README.md beside this file).

    generate.py OUT                 the year 2023 as the activity report 2023 publishes it
    generate.py OUT --seed 7        another federation: other people, other figures
    generate.py OUT --seed 7 --teams 4000   the same at the size of the whole country

Every person is invented. Standard library only; the same arguments give the same bytes.
"""
import argparse
import csv
import json
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEPARTMENTS = ("44", "49", "53", "72", "85")
PROFESSIONS = {
    "infirmier": "Infirmier", "medecin-generaliste": "Médecin généraliste",
    "masseur-kinesitherapeute": "Masseur-kinésithérapeute", "pharmacien": "Pharmacien",
    "orthophoniste": "Orthophoniste", "sage-femme": "Sage-femme", "chirurgien-dentiste": "Chirurgien-dentiste",
    "dieteticien": "Diététicien", "ergotherapeute": "Ergothérapeute", "psychologue": "Psychologue",
    "pedicure-podologue": "Pédicure-podologue", "ipa": "Infirmier en pratique avancée",
    "orthoptiste": "Orthoptiste", "psychomotricien": "Psychomotricien",
    "secretaire-medicale": "Secrétaire médicale", "charge-de-mission": "Chargé de mission",
}
MAIN = ("infirmier", "medecin-generaliste", "masseur-kinesitherapeute", "pharmacien", "orthophoniste")
OTHERS = ("sage-femme", "chirurgien-dentiste", "dieteticien", "ergotherapeute", "psychologue",
          "pedicure-podologue", "ipa", "orthoptiste", "psychomotricien")
FIRST = ("Adèle Agathe Aimé Alban Alix Amine Anaëlle Anouk Armel Aubin Awa Barnabé Bérénice Blaise Capucine Céleste Cléo "
         "Colombe Côme Corentin Dorine Éléonore Élouan Émeric Énora Fantine Fatou Félix Gaspard Gwenola Hédi Héloïse Inès "
         "Iris Jade Joachim Joris Kenza Lazare Léonie Loïg Lubin Maëlys Malo Mathurin Mina Nael Nolwenn Océane Octave Ombeline "
         "Perrine Quentin Rosalie Salomé Sixtine Solal Tanguy Théa Tiphaine Ulysse Victoire Wassim Yaëlle Youenn Zélie").split()
LAST = ("Abgrall Aubépin Barbotin Bellanger Bénéteau Boisdron Bourcier Brossais Cadiou Chauvigné Chesneau Clavreul Coutanceau "
        "Daguin Delaunière Drouault Dubreil Esnault Évain Forestreau Foucaud Gaborieau Gautreau Gélinier Grimault Guéguen Hallouin "
        "Hervouët Jaunin Joubier Kerdoncuff Lebastard Lefeuvrier Lhommeau Loquais Maindron Métayer Moriceau Nicoulaud Orieux "
        "Pasquereau Péneau Piveteau Quinton Rabouan Renoulleau Rigaudeau Sorinier Tessereau Thuleau Trichereau Vairé Viaudeau").split()

NUMBERED = {"first_contacts": "F", "representation_meetings": "M", "commission_meetings": "K", "loans": "L", "newsletters": "N",
            "articles": "B"}

PUBLISHED = dict(
    year=2023, constituted=81, without_aci=5, single_site=15, in_project=10, project_left=4, isolated=2,
    answered=80, headcount=2382, main_shares=(572, 548, 333, 238, 214), categories_mean=9, signatories_mean=28,
    median_age=5, patients=719_920, population=3_853_999,
    yes=dict(hosts_trainees=77, prevention=53, therapeutic_education=23, protocols=68, involves_users=32, cpts_member=33),
    by_department=(29, 18, 10, 12, 12), coordinators=90, pairs=18, vacant=1, in_network=71, extra_network=11,
    pacte=36, self_employed=47, network_teams=70, first_contacts=(8, 3, 0, 3, 4),
    project_meetings=(7, 104), thematic=((28, "gestion"), (31, "gestion"), (23, "gestion"), (14, "protocoles"),
        (11, "systeme-information"), (20, "stagiaires"), (26, "salariat-sisa"), (22, "demarche-qualite"),
        (67, "crises-sanitaires"), (16, "parcours"), (17, "recherche"), (11, "evenements-indesirables"),
        (20, "systeme-information")), thematic_extra=2,
    practice=(5, 5, 5, 13, 7), cycle=(9, 7, 6), visits=3, regional=(48, 45, 41), local=(22, 172), day=(203, 47),
    working_group=(4, 4), training=(3, 10), writing=(5, 14, 6), clap=(3, 2), secpa=3, review=(12, 3),
    pacte_cohort=(16, 15, 13, 2), comm=9, tools=(211, 17), tool_views=24_378, jobs=(13, 798), loans=9,
    letters=((12, 268, 187, 4), (8, 268, 180, 3), (6, 1333, 668, 0)), articles=((1, 149), (1, 29)),
    representations=70, board=(12, 8), staff=13, commissions=7, survey=(29, 18, 13, 13, 42),
)


def random_figures(rng, teams):
    """Return figures of the same shape as PUBLISHED, drawn at random for about ``teams`` constituted teams."""
    n = teams
    k = lambda lo, hi: max(1, round(n * rng.uniform(lo, hi)))
    answered = n - k(0.01, 0.15)
    head = answered * rng.randint(22, 33)
    main = [round(head * rng.uniform(a, b)) for a, b in ((.2, .28), (.19, .26), (.1, .16), (.07, .11), (.05, .09))]
    weights = [rng.uniform(.5, 3) for _ in DEPARTMENTS]
    dep = [max(2, int(n * w / sum(weights))) for w in weights]
    dep[0] += n - sum(dep)
    pairs, vacant = k(.1, .3), k(.01, .05)
    coordinators = n - vacant + pairs - k(.03, .12)
    scale = max(1, n // 80)
    thematic = tuple((rng.randint(4, 60) * min(scale, 12), t) for t in
                     rng.choices(("gestion", "protocoles", "stagiaires", "recherche", "parcours", "crises-sanitaires"),
                                 k=rng.randint(9, 19) * scale))
    enrolled = rng.randint(12, 20)
    defended = enrolled - rng.randint(0, 3)
    graduated = defended - rng.randint(0, 4)
    network_teams = n - k(.08, .3)
    return dict(
        year=rng.randint(2021, 2025), constituted=n, without_aci=k(.03, .1), single_site=k(.1, .3),
        in_project=k(.08, .2), project_left=k(.01, .06), isolated=rng.randint(0, 5), answered=answered, headcount=head,
        main_shares=tuple(main), categories_mean=rng.randint(7, 10), signatories_mean=rng.randint(20, 30),
        median_age=rng.randint(3, 8), patients=answered * rng.randint(5000, 12000), population=3_853_999 * max(1, scale),
        yes={q: rng.randint(answered // 5, answered) for q in PUBLISHED["yes"]}, by_department=tuple(dep),
        coordinators=coordinators, pairs=pairs, vacant=vacant, in_network=round(coordinators * rng.uniform(.5, .9)),
        extra_network=k(.02, .1), pacte=round(coordinators * rng.uniform(.2, .6)),
        self_employed=round(coordinators * rng.uniform(.3, .7)), network_teams=network_teams,
        first_contacts=tuple(rng.randint(0, 9) * scale for _ in DEPARTMENTS),
        project_meetings=(rng.randint(3, 11) * scale, rng.randint(60, 160) * scale), thematic=thematic,
        thematic_extra=rng.randint(0, 9), practice=tuple(rng.randint(3, 15) for _ in range(rng.randint(3, 8) * scale)),
        cycle=(rng.randint(5, 12), rng.randint(5, 12), rng.randint(4, 7)), visits=rng.randint(1, 6) * scale,
        regional=(lambda p: (p + rng.randint(0, 9), p, rng.randint(8, min(50, n // 2 + 5))))(rng.randint(12, min(60, n - vacant - 5))),
        local=(rng.randint(15, 28) * scale, rng.randint(140, 240) * scale), day=(rng.randint(120, 240), rng.randint(25, min(60, n // 2 + 10))),
        working_group=(rng.randint(2, 6), rng.randint(3, 6)), training=(rng.randint(2, 5), rng.randint(8, 14)),
        writing=(rng.randint(3, 7), rng.randint(8, 16), rng.randint(3, 7)), clap=(rng.randint(2, 5), rng.randint(1, 2)),
        secpa=rng.randint(1, 5), review=(rng.randint(5, 20), rng.randint(2, 5)),
        pacte_cohort=(enrolled, defended, graduated, defended - graduated), comm=rng.randint(5, 12),
        tools=(rng.randint(120, 320), rng.randint(5, 40)), tool_views=rng.randint(9_000, 60_000),
        jobs=(rng.randint(5, 30) * scale, rng.randint(300, 2000) * scale), loans=rng.randint(4, 30),
        letters=((12, rng.randint(200, 400), rng.randint(100, 190), rng.randint(0, 11)),
                 (rng.randint(1, 9), rng.randint(200, 400), rng.randint(90, 190), 0),
                 (6, rng.randint(900, 1800), rng.randint(300, 880), 2)),
        articles=((rng.randint(1, 5), rng.randint(50, 500)), (rng.randint(1, 6), rng.randint(20, 300))),
        representations=rng.randint(40, 110), board=(12, rng.randint(5, 9)), staff=rng.randint(8, 15),
        commissions=rng.randint(4, 9), survey=(lambda n: (n, rng.randint(n // 3, n), n // 3, n // 3, rng.randint(25, 60)))(rng.randint(18, 40)),
    )


def split(rng, total, parts, least=0):
    """Return ``parts`` whole numbers >= ``least`` that add up to ``total``."""
    rest = total - least * parts
    if rest < 0:
        raise ValueError(f"{total} cannot be split in {parts} parts of at least {least}")
    shares = [least] * parts
    if parts and rest:
        cuts = [rng.random() ** 1.5 + .05 for _ in range(parts)]
        scale = rest / sum(cuts)
        extra = [int(c * scale) for c in cuts]
        for i in rng.sample(range(parts), rest - sum(extra)):
            extra[i] += 1
        shares = [a + b for a, b in zip(shares, extra)]
    return shares


class Dataset:
    """Rows of every table, written as they are drawn from ``figures``."""

    def __init__(self, figures, seed):
        self.f = figures
        self.rng = random.Random(f"{seed}")
        self.tables = defaultdict(list)
        self.year = figures["year"]
        self.end = date(self.year, 12, 31)
        communes = json.loads((HERE.parent / "lib" / "data" / "pdl-communes.json").read_text("utf-8"))
        self.communes = {d: sorted((c for c in communes if c[0][:2] == d), key=lambda c: -c[4]) for d in DEPARTMENTS}
        self.names = set()
        self.by_team = defaultdict(list)

    def day(self, year=None, first=(1, 8), last=(12, 20)):
        year = year or self.year
        a, b = date(year, *first), date(year, *last)
        d = a + timedelta(self.rng.randrange((b - a).days + 1))
        return d - timedelta(d.weekday() - 4) if d.weekday() > 4 and (d - timedelta(d.weekday() - 4)) >= a else d

    def add(self, table, **row):
        if table in NUMBERED:  # rows without a natural key
            row = {"code": f"{NUMBERED[table]}{len(self.tables[table]) + 1:05d}", **row}
        self.tables[table].append(row)
        return row

    def person(self, profession, team="", self_employed=None):
        n = len(self.tables["people"]) + 1
        first, last = self.rng.choice(FIRST), self.rng.choice(LAST)
        code = f"P{n:05d}"
        self.add("people", code=code, first_name=first, last_name=last, email=f"{code.lower()}@exemple.test",
                 profession=profession, team=team,
                 self_employed=int(self.rng.random() < .7 if self_employed is None else self_employed))
        if team:
            self.by_team[team].append(code)
        return code

    # -- teams, memberships, yearly form ------------------------------------------------------------
    def teams(self):
        f, rng = self.f, self.rng
        for code, label in PROFESSIONS.items():
            self.add("professions", code=code, label=label)
        n, used = f["constituted"], set()
        ages = [f["median_age"]] + [rng.randint(0, f["median_age"]) for _ in range(n // 2)]
        ages += [rng.randint(f["median_age"], f["median_age"] + 9) for _ in range(n - len(ages))]
        rng.shuffle(ages)
        departments = [d for d, k in zip(DEPARTMENTS, f["by_department"]) for _ in range(k)]
        single = set(rng.sample(range(n), f["single_site"]))
        no_aci = set(rng.sample([i for i in range(n) if ages[i] <= f["median_age"]], min(f["without_aci"], n // 3)))
        self.constituted, self.project, self.left = [], [], []

        def team(kind, department, constituted_on, sites, aci, closed_on=None):
            pool = self.communes[department]
            c = pool[min(int(rng.expovariate(1 / 25)), len(pool) - 1)]
            for _ in range(50):
                if c[0] not in used:
                    break
                c = rng.choice(pool)
            style = rng.choice(("MSP de {}", "Pôle santé de {}", "Maison de santé {}", "Espace santé {}"))
            name = style.format(c[1])
            while name in self.names:
                name += " " + rng.choice(("Nord", "Sud", "Est", "Ouest", "Centre", "Rives", "Horizon"))
            self.names.add(name)
            used.add(c[0])
            code = f"T{len(self.tables['teams']) + 1:04d}"
            self.add("teams", code=code, name=name, kind=kind, department=department, insee_code=c[0], city=c[1],
                     postcode=c[2][0], latitude=c[5], longitude=c[6], sites=sites, constituted_on=constituted_on,
                     aci_signed_on=aci, closed_on=closed_on)
            return code

        for i in range(n):
            on = date(self.year - ages[i], rng.randint(1, 12), rng.randint(1, 28))
            aci = None if i in no_aci else min(on + timedelta(rng.randint(0, 500)), self.end - timedelta(rng.randint(0, 60)))
            if i in no_aci and rng.random() < .4:
                aci = self.end + timedelta(rng.randint(20, 300))  # signed after the year: still without on 31/12
            self.constituted.append(team("msp", departments[i], on, 1 if i in single else rng.randint(2, 6), aci))
        for i in range(f["in_project"] + f["project_left"]):
            later = self.end + timedelta(rng.randint(30, 500)) if rng.random() < .4 else None
            closed = self.day(first=(9, 1), last=(11, 30)) if i >= f["in_project"] else None
            code = team("msp", rng.choice(DEPARTMENTS), None if closed else later, rng.randint(1, 3), None, closed)
            (self.left if closed else self.project).append(code)
        self.strangers = [team(rng.choice(("msp", "esp_clap")), rng.choice(DEPARTMENTS),
                               self.day(self.year - rng.randint(1, 6)), rng.randint(1, 3), None)
                          for _ in range(max(4, n // 12))]  # known, not members
        self.clap = [team("esp_clap", rng.choice(DEPARTMENTS), None, 1, None) for _ in range(f["clap"][0])]

    def memberships(self):
        f, rng = self.f, self.rng
        members = self.constituted + self.project + self.left
        for year in (self.year - 1, self.year, self.year + 1):
            for code in members:
                if year != self.year and rng.random() < .15:
                    continue
                self.add("memberships", year=year, team=code, person="", status="paid", amount_eur="%.2f" % rng.choice((150, 300, 450)),
                         paid_on=self.day(year, last=(6, 30)))
        for code in self.strangers:
            status = rng.choice(("called", "cancelled", ""))
            if status:
                self.add("memberships", year=self.year, team=code, person="", status=status, amount_eur="300.00", paid_on="")
            else:
                self.add("memberships", year=self.year - 1, team=code, person="", status="paid", amount_eur="300.00",
                         paid_on=self.day(self.year - 1))
        for _ in range(f["isolated"]):
            self.add("memberships", year=self.year, team="", person=self.person(rng.choice(MAIN)), status="paid",
                     amount_eur="30.00", paid_on=self.day(last=(6, 30)))
        self.add("memberships", year=self.year, team="", person=self.person("infirmier"), status="called", amount_eur="30.00", paid_on="")

    def scans(self):
        f, rng = self.f, self.rng
        answered = self.constituted[:]
        rng.shuffle(answered)
        answered, silent = answered[:f["answered"]], answered[f["answered"]:]
        n = len(answered)
        answer_yes = {q: set(rng.sample(answered, k)) for q, k in f["yes"].items()}
        patients, signatories = split(rng, f["patients"], n, 800), split(rng, f["signatories_mean"] * n, n, 6)
        # who has which profession: two everywhere, the number of categories averaging exactly categories_mean
        sizes = [f["categories_mean"]] * n
        for _ in range(n):
            i, j = rng.randrange(n), rng.randrange(n)
            if i != j and 4 < sizes[i] <= 12 and 4 <= sizes[j] < 13:
                sizes[i], sizes[j] = sizes[i] - 1, sizes[j] + 1
        owners = defaultdict(list)
        for code, size in zip(answered, sizes):
            pool = list(MAIN[2:]) + list(OTHERS)
            for p in list(MAIN[:2]) + rng.sample(pool, size - 2):
                owners[p].append(code)
        in_project = self.project
        for code in in_project:
            for p in list(MAIN[:3]) + rng.sample(OTHERS, 2):
                owners[p].append(code)
        totals = dict(zip(MAIN, f["main_shares"]))
        heads = defaultdict(dict)
        other_owners = sum(len(owners[p]) for p in OTHERS)
        extra = split(rng, max(f["headcount"] - sum(totals.values()), other_owners), other_owners, 1)
        it = iter(extra)
        for p in OTHERS:
            for code in owners[p]:
                heads[code][p] = next(it)
        for p in MAIN:
            for code, k in zip(owners[p], split(rng, max(totals[p], len(owners[p])), len(owners[p]), 1)):
                heads[code][p] = k

        def scan(code, year, on, sig, pat, yes, counts):
            self.add("scans", team=code, year=year, submitted_on=on, signatories=sig, patients=pat, **{q: int(v) for q, v in yes.items()})
            for p, k in counts.items():
                self.add("scan_headcounts", team=code, year=year, submitted_on=on, profession=p, headcount=k)

        for i, code in enumerate(answered):
            yes = {q: code in s for q, s in answer_yes.items()}
            on = self.day(first=(3, 1), last=(6, 20))
            if rng.random() < .12:  # a first version, corrected later in the year: only the last counts
                wrong = {p: k + rng.randint(1, 4) for p, k in heads[code].items()}
                scan(code, self.year, on - timedelta(rng.randint(5, 50)), signatories[i] + 3, patients[i] + 100,
                     {q: not v for q, v in yes.items()}, wrong)
            scan(code, self.year, on, signatories[i], patients[i], yes, heads[code])
            if rng.random() < .7:
                scan(code, self.year - 1, self.day(self.year - 1, (3, 1), (6, 20)), signatories[i], patients[i] - 50, yes,
                     {p: max(1, k - 1) for p, k in heads[code].items()})
        for code in in_project:
            scan(code, self.year, self.day(first=(3, 1), last=(6, 20)), "", "", {q: 0 for q in f["yes"]}, heads[code])
        for code in silent:  # a draft never sent does not count
            if rng.random() < .6:
                scan(code, self.year, "", 12, 4000, {q: 1 for q in f["yes"]}, {"infirmier": 9})
        for code in self.strangers[:2]:  # an answer without a paid membership does not count
            scan(code, self.year, self.day(), 15, 5000, {q: 1 for q in f["yes"]}, {"infirmier": 7, "pharmacien": 2})

    # -- people and positions -----------------------------------------------------------------------
    def positions(self):
        f, rng = self.f, self.rng
        teams = self.constituted[:]
        rng.shuffle(teams)
        vacant, paired, single = (teams[:f["vacant"]], teams[f["vacant"]:f["vacant"] + f["pairs"]],
                                  teams[f["vacant"] + f["pairs"]:])
        slots = [t for t in paired for _ in range(2)] + single
        rng.shuffle(single)
        employment = ("self_employed", "association_employee", "sisa_employee", "employer_group", "umbrella_company",
                      "micro_enterprise", "volunteer")

        def hold(person, team, role, start=None, end="", network="", left=""):
            self.add("positions", person=person, team=team, role=role, started_on=start or self.day(self.year - rng.randint(1, 6)),
                     ended_on=end, employment=rng.choice(employment) if role == "coordinator" else "",
                     monthly_hours=rng.choice((7.5, 16, 24, 32, 42, 60, 80, 124)) if role == "coordinator" else "",
                     network_joined_on=network, network_left_on=left)

        total, distinct = len(slots), f["coordinators"]
        shared = total - distinct  # people who coordinate two teams
        if shared < 0:
            raise ValueError("more coordinators than posts")
        self.coordinators = []
        owner = {}
        firsts = slots[:distinct]
        for team in firsts:
            p = self.person(rng.choice(list(PROFESSIONS)), team, False)
            self.coordinators.append(p)
            owner[p] = team
        network = set(rng.sample(self.coordinators, f["in_network"]))
        for p in rng.sample(self.coordinators, f["self_employed"]):
            next(r for r in self.tables["people"] if r["code"] == p)["self_employed"] = 1
        joined = {p: (self.day(self.year - rng.randint(0, 3)) if p in network else "") for p in self.coordinators}
        for p in self.coordinators:
            hold(p, owner[p], "coordinator", network=joined[p])
        held = defaultdict(set)
        for p in self.coordinators:
            held[owner[p]].add(p)
        candidates = self.coordinators[:]
        for team in slots[distinct:]:
            p = next(c for c in rng.sample(candidates, len(candidates)) if c not in held[team])
            candidates.remove(p)
            held[team].add(p)
            hold(p, team, "coordinator", network=joined[p])
        # former coordinators, coordinators to come, coordinators of other teams
        for team in rng.sample(self.constituted, max(3, len(teams) // 8)):
            hold(self.person("infirmier", team, True), team, "coordinator", self.day(self.year - 3), self.day(self.year, last=(10, 1)),
                 self.day(self.year - 2), self.day(self.year, last=(10, 1)))
        hold(self.person("charge-de-mission", vacant[0] if vacant else teams[0]), vacant[0] if vacant else teams[0], "coordinator",
             self.end + timedelta(15), network=self.end + timedelta(20))
        others = self.project + self.left + self.clap + self.strangers
        for i in range(f["extra_network"]):
            team = others[i % len(others)]
            if team in self.left:
                team = self.project[i % len(self.project)]
            hold(self.person("charge-de-mission", team, False), team, "coordinator", network=self.day(self.year - rng.randint(0, 1)))
        self.leaders = {}
        for team in self.constituted + self.project + self.left:
            for role in ("leader", "manager") if rng.random() < .6 else ("leader",):
                p = self.person(rng.choice(MAIN), team, True)
                hold(p, team, role)
                self.leaders.setdefault(team, p)
            for _ in range(rng.randint(1, 4)):
                self.person(rng.choice(MAIN + OTHERS), team)
        self.externals = [self.person(rng.choice(("charge-de-mission", "medecin-generaliste"))) for _ in range(80)]
        self.team_of = {p: t for t, ps in self.by_team.items() for p in ps}

    def groups(self):
        f, rng = self.f, self.rng
        names = (("44-est", "44 est", "44"), ("44-ouest", "44 ouest", "44"), ("49-nord", "49 nord", "49"), ("49-sud", "49 sud", "49"),
                 ("53", "53", "53"), ("72", "72", "72"), ("85", "85", "85"))
        for code, name, department in names:
            self.add("local_groups", code=code, name=name, department=department, closed_on="")
        self.add("local_groups", code="44-centre", name="44 centre", department="44", closed_on=self.day(self.year - 1))
        department = {t["code"]: t["department"] for t in self.tables["teams"]}
        chosen = rng.sample(self.constituted, f["network_teams"])
        self.group_of = {}
        for team in chosen:
            group = rng.choice([g for g in names if g[2] == department[team]])[0]
            self.group_of[team] = group
            if rng.random() < .1:  # it changed group: one team, one group at a date
                self.add("local_group_teams", group="44-centre", team=team, joined_on=self.day(self.year - 3), left_on=date(self.year - 1, 1, 1))
            self.add("local_group_teams", group=group, team=team, joined_on=self.day(self.year - 1), left_on="")
        for team in [t for t in self.constituted if t not in self.group_of][:3]:
            self.add("local_group_teams", group="53", team=team, joined_on=self.day(self.year - 2), left_on=self.day(self.year))

    # -- events -------------------------------------------------------------------------------------
    def event(self, category, on, attended, *, sessions=1, title=None, theme="", status="held", group="", audience="members",
              number="", noise=True, extra=0, fmt=None, chosen=None, per_session=None, department="44"):
        """Add an event with its sessions, registrations and attendance; ``attended`` people come to every session
        unless ``per_session`` says how many come to each."""
        rng = self.rng
        code = f"E{len(self.tables['events']) + 1:05d}"
        last = on + timedelta(30 * (sessions - 1))
        self.add("events", code=code, title=title or f"{category.replace('_', ' ').capitalize()} {code}", category=category, theme=theme,
                 starts_on=on, ends_on=last, format=fmt or rng.choice(("on_site", "online", "hybrid")), department=department,
                 local_group=group, audience=audience, status=status, capacity=rng.choice(("", attended + 20)), series_number=number)
        for s in range(sessions):
            self.add("event_sessions", event=code, number=s + 1, held_on=on + timedelta(30 * s))
        pool = list(self.team_of)
        people = list(chosen) if chosen else rng.sample(pool, max(attended, *(per_session or [0])))
        for i, p in enumerate(people):
            self.add("registrations", event=code, person=p, team=self.team_of.get(p, ""), status="registered",
                     registered_on=on - timedelta(rng.randint(3, 60)))
        if status == "held":
            for s in range(sessions):
                for p in (rng.sample(people, per_session[s]) if per_session else people):
                    self.add("attendances", event=code, session=s + 1, person=p)
        taken = set(people)
        fresh = [p for p in rng.sample(pool, min(len(pool), 30)) if p not in taken]
        for p in fresh[:extra]:  # registered, did not come
            self.add("registrations", event=code, person=p, team=self.team_of.get(p, ""), status="registered", registered_on=on - timedelta(9))
        if noise:
            for p, st in zip(fresh[extra:extra + rng.randint(0, 5)], ("cancelled", "waitlisted") * 3):
                self.add("registrations", event=code, person=p, team=self.team_of.get(p, ""), status=st, registered_on=on - timedelta(2))
        return code

    def events(self):
        f, rng, year = self.f, self.rng, self.year
        meetings, people = f["project_meetings"]
        for k in split(rng, people, meetings, 2):
            self.event("project_meeting", self.day(), k, audience="public", noise=True, extra=rng.randint(0, 2))
        for k, theme in f["thematic"]:
            self.event("thematic_meeting", self.day(), min(k, len(self.team_of)), theme=theme, fmt="online")
        self.event("thematic_meeting", self.day(), 0, theme="juridique", extra=f["thematic_extra"], noise=False)
        for k in f["practice"]:
            self.event("practice", self.day(), k, theme=rng.choice(("protocoles", "ecoresponsable", "stagiaires", "communication")))
        a, b, teams = f["cycle"]
        hosts = rng.sample(self.constituted, teams)
        crowd = [self.by_team[t][0] for t in hosts]
        crowd += rng.sample([p for t in hosts for p in self.by_team[t][1:]], max(a, b, teams) - teams)
        self.cycle(crowd, a, b)
        for _ in range(f["visits"]):
            self.event("team_visit", self.day(), rng.randint(4, 12))
        p, t, leaders = f["regional"]
        hosts = rng.sample([x for x in self.constituted if len(self.by_team[x]) > 1], t)
        crowd = [self.by_team[x][0] for x in hosts] + rng.sample([self.by_team[x][1] for x in hosts], p - t)
        self.event("regional_meeting", date(year, 4, 13), p, audience="coordinators_leaders", number=13, chosen=crowd, fmt="on_site", extra=4)
        self.event("regional_meeting", date(year, 11, 7), 12, audience="coordinators", number=14, status="cancelled")
        department = {x["code"]: x["department"] for x in self.tables["teams"]}
        pools = {d: [self.leaders[x] for x in self.constituted if department[x] == d] for d in DEPARTMENTS}
        crowd = [rng.choice(pools[d]) for d in DEPARTMENTS]
        crowd += rng.sample([q for d in DEPARTMENTS for q in pools[d] if q not in crowd], leaders - 5)
        self.event("regional_meeting", date(year, 10, 19), leaders, audience="leaders", number=1, chosen=crowd, fmt="on_site")
        n, people = f["local"]
        groups = [g["code"] for g in self.tables["local_groups"] if not g["closed_on"]]
        pool = {g: [p for t, x in self.group_of.items() if x == g for p in self.by_team[t][:2]] for g in groups}
        groups = [g for g in groups if len(pool[g]) >= 6] or groups
        for i, k in enumerate(split(rng, people, n, 2)):
            g = groups[i % len(groups)]
            k_here = min(k, len(pool[g]))
            crowd = rng.sample(pool[g], k_here)
            if k_here < k:  # too few in this group: colleagues of other groups come along
                crowd += rng.sample([p for p in self.team_of if p not in crowd], k - k_here)
            self.event("local_group_meeting", self.day(), k, group=g, audience="local_group", chosen=crowd)
        self.event("local_group_meeting", self.day(), 5, group=groups[0], audience="local_group", status="cancelled")
        people, teams = f["day"]
        hosts = rng.sample(self.constituted, teams)
        inside = [self.by_team[t][0] for t in hosts]
        inside += rng.sample([p for t in hosts for p in self.by_team[t][1:]], min(people - 60, sum(len(self.by_team[t]) for t in hosts)) - teams)
        crowd = inside + [self.person("charge-de-mission") for _ in range(people - len(inside))]
        self.event("regional_day", date(year, 6, 15), people, audience="public", number=8, chosen=crowd, extra=9, fmt="on_site")
        sessions, teams = f["working_group"]
        self.event("working_group", date(year, 2, 2), teams, sessions=sessions, chosen=[self.by_team[t][0] for t in rng.sample(self.constituted, teams)])
        days, people = f["training"]
        crowd = rng.sample(list(self.team_of), people)
        self.event("training", date(year, 3, 6), people, sessions=days, chosen=crowd, theme="demarche-qualite")
        self.event("committee", self.day(), 9, title="Comité régional")
        for other in (year - 1, year + 1):  # other years, planned, cancelled: never counted
            for category in ("project_meeting", "thematic_meeting", "practice", "local_group_meeting", "regional_day"):
                self.event(category, self.day(other), rng.randint(3, 15), status="held" if other < year else "planned")
        self.event("thematic_meeting", self.day(), 8, status="cancelled")
        self.event("practice", date(year, 12, 21), 6, status="planned")

    def cycle(self, crowd, a, b):
        """The yearly information cycle: two sessions, not the same people at each, every team seen at least once."""
        code = self.event("information_cycle", date(self.year, 5, 4), 0, sessions=2, theme="sante-mentale", chosen=crowd, noise=False)
        self.tables["attendances"] = [r for r in self.tables["attendances"] if r["event"] != code]
        for s, people in ((1, crowd[:a]), (2, crowd[-b:])):
            for p in people:
                self.add("attendances", event=code, session=s, person=p)
        seen = {p for p in crowd[:a]} | {p for p in crowd[-b:]}
        missing = [p for p in crowd if p not in seen]
        self.tables["registrations"] = [r for r in self.tables["registrations"] if not (r["event"] == code and r["person"] in missing)]

    def followups(self):
        f, rng, year = self.f, self.rng, self.year
        for d, k in zip(DEPARTMENTS, f["first_contacts"]):
            for _ in range(k):
                self.add("first_contacts", received_on=self.day(), department=d, profession=rng.choice(MAIN), channel=rng.choice(("email", "phone", "website")))
        for other in (year - 1, year + 1):
            self.add("first_contacts", received_on=self.day(other), department="44", profession="infirmier", channel="email")

        def follow(kind, start, end, sessions, rows):
            code = f"A{len(self.tables['accompaniments']) + 1:03d}"
            self.add("accompaniments", code=code, kind=kind, started_on=start, ended_on=end, sessions=sessions)
            for team, involved, committee, outcome in rows:
                self.add("accompaniment_teams", accompaniment=code, team=team, professionals=involved, committee_on=committee, outcome=outcome)

        workshops, teams, presented = f["writing"]
        pool = rng.sample(self.project + self.left + self.strangers + self.constituted, teams)
        parts = split(rng, teams, workshops, 1)
        it = iter(pool)
        left = presented
        for i, k in enumerate(parts):
            start = self.day(year - 1, (9, 1)) if i % 2 else self.day(year, (1, 8), (6, 1))
            rows = []
            for _ in range(k):
                rows.append((next(it), rng.randint(4, 15), self.day() if left > 0 else "", "recognised" if left > 0 else ""))
                left -= 1
            follow("health_project_writing", start, "" if i % 3 == 0 else self.day(year), rng.randint(3, 5), rows)
        follow("health_project_writing", self.day(year - 2), self.day(year - 1), 4, [(self.constituted[0], 9, self.day(year - 1), "recognised")])
        n, this_year = f["clap"]
        for i, team in enumerate(self.clap):
            follow("esp_clap_to_msp", self.day(year, last=(5, 1)), "", 4,
                   [(team, 6, self.day(year, (7, 1)) if i < this_year else self.day(year + 1), "recognised" if i < this_year else "")])
        for team in rng.sample(self.constituted, f["secpa"]):
            follow("participatory", self.day(year, (7, 1)), "", 2, [(team, 10, "", "")])
        involved, sessions = f["review"]
        follow("health_project_review", self.day(year, last=(6, 1)), self.day(year, (9, 1)), sessions, [(self.constituted[1], involved, "", "")])
        follow("protocol_writing", self.day(year, last=(6, 1)), "", 3, [(self.constituted[2], 7, "", "")])
        follow("prevention_writing", self.day(year, last=(6, 1)), "", 3, [(self.constituted[3], 8, "", "")])

    def trainings(self):
        f, rng, year = self.f, self.rng, self.year
        enrolled, defended, graduated, pending = f["pacte_cohort"]
        followed = self.f["pacte"]
        self.add("cohorts", code="pacte-3", programme="pacte", name="Cohorte 3", number=3, starts_on=date(year - 2, 1, 10), ends_on=date(year, 6, 9), hours=180)
        self.add("cohorts", code="pacte-4", programme="pacte", name="Cohorte 4", number=4, starts_on=date(year - 1, 10, 3), ends_on=date(year, 12, 31), hours=180)
        self.add("cohorts", code="com-1", programme="communication", name="Module communication", number=1, starts_on=date(year, 2, 1), ends_on=date(year, 6, 30), hours=18)
        for cohort, months in (("pacte-3", ((year - 2, 3), (year - 2, 9), (year - 1, 2), (year - 1, 6), (year - 1, 11))),
                               ("pacte-4", ((year, 1), (year, 3), (year, 5), (year, 9), (year, 11))),
                               ("com-1", ((year, 2), (year, 3), (year, 4), (year, 5), (year, 6)))):
            for i, (y, m) in enumerate(months):
                self.add("seminars", cohort=cohort, number=i + 1, held_on=date(y, m, 14), mode="online" if cohort == "com-1" and i % 2 else "on_site")
        pool = rng.sample(self.coordinators, followed)
        with_result = pool[:min(defended, followed)]
        for i, p in enumerate(with_result):
            self.add("enrolments", cohort="pacte-4", person=p, status="enrolled", defended_on=date(year, 12, 7),
                     result="graduated" if i < graduated else "pending", result_on=date(year, 12, 31))
        for i in range(defended - len(with_result)):
            p = self.person("infirmier")
            self.add("enrolments", cohort="pacte-4", person=p, status="enrolled", defended_on=date(year, 12, 7),
                     result="graduated" if len(with_result) + i < graduated else "pending", result_on=date(year, 12, 31))
        outside = [c for c in self.coordinators if c not in pool]
        rng.shuffle(outside)
        left = enrolled - defended
        for p in [outside.pop() if outside else self.person("infirmier") for _ in range(left)]:
            self.add("enrolments", cohort="pacte-4", person=p, status="withdrawn", defended_on="", result="", result_on="")
        for p in pool[len(with_result):]:
            self.add("enrolments", cohort="pacte-3", person=p, status="enrolled", defended_on=date(year - 1, 12, 8),
                     result="graduated", result_on=date(year - 1, 12, 31))
        for p in outside[:3]:
            self.add("enrolments", cohort="pacte-4", person=p, status="applied", defended_on="", result="", result_on="")
        for p in rng.sample(self.coordinators, f["comm"]):
            self.add("enrolments", cohort="com-1", person=p, status="enrolled", defended_on="", result="", result_on="")

    def survey(self):
        """The network's yearly survey: one answer counts for each team, the last one sent."""
        f, rng, year = self.f, self.rng, self.year
        n, health, single, pair, mean = f["survey"]
        teams = rng.sample(sorted(self.group_of), n)
        hours = [7.5, 124] + [0] * (n - 2)
        rest = mean * n * 2 - 263  # in half hours
        hours[2:] = [16 / 2 + k / 2 for k in split(rng, rest - 16 * (n - 2), n - 2)]
        hours = [min(h, 124) for h in hours]
        lack = mean * n - sum(hours)
        for i in range(2, n):
            step = min(lack, 124 - hours[i])
            hours[i], lack = hours[i] + step, lack - step
        modes = ["single"] * single + ["pair"] * pair + ["shared"] * (n - single - pair)
        profiles = ["health_professional"] * health + [rng.choice(("medical_secretary", "project_officer", "other")) for _ in range(n - health)]
        rng.shuffle(hours)
        rng.shuffle(modes)
        words = ("Des liens avec les autres équipes.", "Des outils tout de suite utiles.", "Je me sens moins seule.", "")

        def answer(team, on, profile, h, mode):
            self.add("survey_answers", year=year, team=team, person=self.by_team[team][0], answered_on=on, profile=profile,
                     monthly_hours=h, organisation=mode, benefit=rng.choice(words))

        for i, team in enumerate(teams):
            if rng.random() < .1:
                answer(team, date(year, 12, 2), "other", 50, "shared")
            answer(team, date(year, 12, 3) + timedelta(rng.randint(0, 20)), profiles[i], hours[i], modes[i])
        self.tables["survey_answers"].append({**self.tables["survey_answers"][0], "year": year - 1, "answered_on": date(year - 1, 12, 5)})
        outside = next(t for t in self.constituted if t not in self.group_of)
        answer(outside, date(year, 12, 9), "other", 300, "single")  # not registered in the network: does not count

    def toolbox(self):
        f, rng, year = self.f, self.rng, self.year
        total, new = f["tools"]
        kinds, themes = ("model", "practical_sheet", "tool_sheet", "guide", "feedback"), ("aci", "protocoles", "rcp", "coordination", "prevention", "usagers", "qualite")
        months = [f"{year}-{m:02d}" for m in range(1, 13)]
        views = sorted(split(rng, f["tool_views"], total, 1), reverse=True)
        for i in range(6):  # no two of the first six share a number of views: the ranking is certain
            views[i] += (6 - i) * 3
        views[-1 if views[-1] > 70 else 6] -= 63
        order = list(range(total))
        rng.shuffle(order)
        for i in range(total):
            on = self.day(year) if i < new else self.day(year - rng.randint(1, 6))
            code = f"O{i + 1:04d}"
            self.add("tools", code=code, title=f"Outil {i + 1}", kind=rng.choice(kinds), theme=rng.choice(themes), published_on=on,
                     withdrawn_on="", audience=rng.choice(("public", "members")))
            for month, v in zip(months, split(rng, views[order[i]], 12)):
                if v:
                    self.add("tool_views", tool=code, month=month, views=v)
            if rng.random() < .4:
                self.add("tool_views", tool=code, month=f"{year - 1}-06", views=rng.randint(1, 90))
        for i in range(5):
            self.add("tools", code=f"O9{i:03d}", title=f"Outil retiré {i}", kind="guide", theme="aci", published_on=self.day(year - 4),
                     withdrawn_on=self.day(year), audience="members")
        self.add("tools", code="O9900", title="Outil à venir", kind="guide", theme="aci", published_on=self.day(year + 1), withdrawn_on="", audience="members")
        n, seen = f["jobs"]
        for i, v in enumerate(split(rng, seen, n, 1)):
            on = self.day(year)
            self.add("job_postings", code=f"J{i + 1:04d}", team=rng.choice(self.constituted), title=f"Poste {i + 1}",
                     kind=rng.choice(("coordinator", "practice_takeover", "msp_creation", "other")), published_on=on,
                     closed_on=rng.choice(("", on + timedelta(rng.randint(10, 90)))), views=v)
        self.add("job_postings", code="J9999", team=self.constituted[0], title="Poste ancien", kind="other", published_on=self.day(year - 1), closed_on="", views=77)
        for code, name, copies, digital in (("buste", "Buste de palpation mammaire", 1, 0), ("vieillissement", "Kit simulateur de vieillissement", 1, 0),
                                            ("velo", "Vélo à smoothie", 2, 0), ("jeux", "Jeux de société", 3, 0), ("livres", "Livres", 10, 0),
                                            ("santescape", "Sant'escape", 4, 1)):
            self.add("equipment", code=code, name=name, copies=copies, digital_copies=digital)
        codes = [e["code"] for e in self.tables["equipment"]]
        cursor = defaultdict(lambda: date(year, 10, 2))
        for i in range(f["loans"]):
            code = codes[i % len(codes)]
            start = cursor[code]
            cursor[code] = start + timedelta(20)
            self.add("loans", equipment=code, team=rng.choice(self.constituted), requested_on=min(start - timedelta(5), self.end) if start.year == year else self.day(year, (10, 1), (12, 15)),
                     starts_on=start, ends_on=start + timedelta(15), returned_on="", renewed=0, status="approved")
        self.add("loans", equipment="velo", team=self.constituted[0], requested_on=date(year + 1, 1, 20), starts_on=date(year + 1, 2, 1),
                 ends_on=date(year + 1, 2, 16), returned_on="", renewed=0, status="requested")
        for kind, (n, delivered, opened, plus) in zip(("members", "special", "public"), f["letters"]):
            for i in range(n):
                self.add("newsletters", kind=kind, subject=f"Lettre {kind} {i + 1}", sent_on=date(year, min(12, 1 + i * 12 // n), 5),
                         delivered=delivered, opened=opened + (1 if i < plus else 0))
            self.add("newsletters", kind=kind, subject="Année d'avant", sent_on=date(year - 1, 12, 5), delivered=delivered - 30, opened=opened - 20)
        for kind, (n, v) in zip(("inspir_cafe", "talent"), f["articles"]):
            for i, k in enumerate(split(rng, v, n)):
                self.add("articles", kind=kind, title=f"{kind} {i + 1}", published_on=self.day(year), views=k)
            self.add("articles", kind=kind, title="Ancien", published_on=self.day(year - 1), views=300)

    def governance(self):
        f, rng, year = self.f, self.rng, self.year
        n, distinct = f["board"]
        roles = ("co_chair", "co_chair", "secretary", "deputy_secretary", "treasurer") + ("member",) * 20
        professions = list(MAIN + OTHERS)[:distinct]
        self.board = []
        for i in range(n):
            p = self.person(professions[i % distinct], rng.choice(self.constituted), True)
            self.board.append(p)
            self.add("board_terms", person=p, role=roles[i], started_on=date(year - 1 - i % 2, 6, 1), ended_on="")
        gone = self.person("medecin-generaliste")
        self.add("board_terms", person=gone, role="co_chair", started_on=date(year - 4, 6, 1), ended_on=date(year, 4, 15))
        self.staff = [self.person("charge-de-mission") for _ in range(f["staff"])]
        for p in self.staff:
            self.add("staff", person=p, job="Chargé de mission", started_on=self.day(year - rng.randint(1, 8)), ended_on="")
        self.add("staff", person=self.person("charge-de-mission"), job="Chargé de mission", started_on=self.day(year - 3), ended_on=self.day(year))
        institutions = [("ars", "Agence régionale de santé", ""), ("corecs", "Comité régional de concertation sur les soins de premier recours", ""),
                        ("crsa", "Conférence régionale de la santé et de l'autonomie", "")]
        institutions += [(f"{k}-{d}", f"{k.upper()} {d}", d) for k in ("cats", "cts") for d in DEPARTMENTS]
        for code, name, department in institutions:
            self.add("institutions", code=code, name=name, department=department)
            self.add("mandates", institution=code, person=rng.choice(self.board), rank="full", started_on=date(year - 1, 1, 1), ended_on="")
            if rng.random() < .4:
                self.add("mandates", institution=code, person=rng.choice(self.board), rank="substitute", started_on=date(year - 1, 1, 1), ended_on="")
        for i in range(f["representations"]):
            self.add("representation_meetings", institution=rng.choice(institutions)[0], held_on=self.day(year), person=rng.choice(self.board))
        self.add("representation_meetings", institution="ars", held_on=self.day(year - 1), person=self.board[0])
        for i in range(f["commissions"]):
            code = f"C{i + 1}"
            self.add("commissions", code=code, name=f"Commission {i + 1}", created_on=date(year, 1, 10), closed_on="")
            for p, capacity in ((rng.choice(self.board), "board"), (rng.choice(self.staff), "staff")):
                self.add("commission_members", commission=code, person=p, capacity=capacity)
            for _ in range(rng.randint(2, 8)):
                self.add("commission_meetings", commission=code, held_on=self.day(year))
        self.add("commissions", code="C99", name="Ancienne commission", created_on=date(year - 3, 1, 1), closed_on=date(year - 1, 6, 1))
        for i, name in enumerate(("Mutualité régionale", "Associations d'usagers", "Groupement e-santé", "Cabinet juridique", "Structures régionales d'appui")):
            self.add("partners", code=f"R{i + 1}", name=name, agreement_from=date(year - 2, 1, 1), agreement_until="" if i else date(year - 1, 12, 31), advantage="")
        for key, value in (("region_population", f["population"]), ("site_visitors", 66_672), ("site_page_views", 156_850),
                           ("linkedin_followers", 1_507), ("linkedin_posts", 152), ("linkedin_views", 39_901), ("flash_diagnosis_sessions", 132),
                           ("declared_actions", 110), ("declared_participants", 10_000)):
            self.add("external_figures", year=year, key=key, value=value, as_of=self.end)

    def build(self):
        for step in (self.teams, self.memberships, self.scans, self.positions, self.groups, self.events, self.followups,
                     self.trainings, self.survey, self.toolbox, self.governance):
            step()
        return self

    def write(self, out):
        out.mkdir(parents=True, exist_ok=True)
        for name, rows in self.tables.items():
            with open(out / f"{name}.csv", "w", newline="", encoding="utf-8") as handle:
                writer = csv.DictWriter(handle, list(rows[0]))
                writer.writeheader()
                writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
        (out / "dataset.json").write_text(json.dumps({"year": self.year}) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", help="draw another federation; without it, the figures of the activity report 2023")
    parser.add_argument("--teams", type=int, default=90, help="constituted teams, with --seed (default 90)")
    args = parser.parse_args()
    figures = random_figures(random.Random(f"figures {args.seed}"), args.teams) if args.seed else PUBLISHED
    Dataset(figures, args.seed or "2023").build().write(args.out)


if __name__ == "__main__":
    main()
