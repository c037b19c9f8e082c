"""The texts of the demonstration's report, by chapter: what a board and a staff would have written.

They speak of the records of 2023 and give no figure that the report does not print.
"""

# Chapter: text in Markdown, signature.
TEXTS = {
    "foreword": (
        """\
Cette année encore, les équipes ont montré qu’**exercer ensemble** n’est pas une organisation de plus, mais une manière de soigner. Les rencontres ont retrouvé leur public, les coordinatrices et les coordinateurs leur réseau, et dix équipes en projet ont adhéré avant même d’être constituées.

Nous avons voulu que la fédération reste proche. Proche de celles et ceux qui n’ont encore qu’une envie, et que nous recevons avant même qu’un projet existe. Proche des équipes constituées, qui demandent moins de principes et plus de modèles, de retours d’expérience, de personnes à appeler. Proche enfin des coordinatrices et des coordinateurs, sans qui rien de tout cela ne tient dans la durée.

Représenter les équipes prend du temps. Chaque mandat est exercé par un professionnel en exercice, qui quitte ses patients pour une réunion et revient avec des réponses. Cette présence régulière fait que l’on nous demande notre avis avant les décisions plutôt qu’après.

## Ce que nous retenons

- Les groupes locaux sont devenus le premier lieu d’entraide du réseau.
- La formation PACTE a diplômé une nouvelle promotion.
- La boîte à outils s’enrichit surtout de ce que les équipes elles-mêmes ont écrit.

Merci à celles et ceux qui donnent de leur temps : ce rapport est le leur.
""",
        "La coprésidence",
    ),
    "representation": (
        (
            "Nos représentants portent la voix du terrain dans les instances de la région et des cinq "
            "départements. Chacun rend compte au conseil d’administration, qui arrête les positions "
            "communes."
        ),
        "",
    ),
    "projects": (
        (
            "Chaque équipe en projet est reçue, puis suivie jusqu’à son passage en comité. Les ateliers "
            "d’écriture, en petits groupes, ont raccourci le temps qui sépare la première rencontre du "
            "dépôt du projet de santé."
        ),
        "",
    ),
    "teams": (
        (
            "Les réunions thématiques partent des questions posées par les équipes. Courtes et en ligne "
            "le plus souvent, elles laissent la place aux échanges entre pairs, que la journée "
            "régionale prolonge une fois par an."
        ),
        "",
    ),
    "evolution": (
        (
            "Au bout de quelques années, une équipe change : des professionnels arrivent, d’autres "
            "partent, le projet de santé ne dit plus tout à fait ce qu’elle fait. Le diagnostic flash "
            "aide à se situer ; l’accompagnement aide à repartir."
        ),
        "",
    ),
    "network": (
        (
            "Les groupes locaux se réunissent trois à quatre fois par an. On y vient avec une question, "
            "on en repart avec le modèle d’une autre équipe : c’est là que naissent la plupart des "
            "outils partagés sur le portail."
        ),
        "",
    ),
    "communication": (
        (
            "Faire savoir ce que les équipes réussissent donne à d’autres l’envie de commencer. Les "
            "lettres informent, les articles racontent, la boîte à outils met en commun."
        ),
        "",
    ),
    "outlook": (
        """\
Trois chantiers nous attendent.

- **Accueillir** les nouvelles coordinatrices et les nouveaux coordinateurs dès leur première semaine.
- **Relier** la boîte à outils aux besoins exprimés dans les groupes locaux.
- **Faire entendre** les équipes là où se décide l’avenir des soins primaires.
""",
        "L’équipe salariée",
    ),
}
