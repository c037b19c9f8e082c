"""The colours of static/css/tokens.css: an SVG inside a document cannot read CSS variables."""

INK = "#1d2b2d"
INK_SOFT = "#566163"
PAPER = "#f6f3ed"
LINE = "#e3dccf"
WHITE = "#ffffff"
TEAL = "#0b5d66"
TEAL_DEEP = "#06343a"
TEAL_MID = "#4d9aa2"
TEAL_LIGHT = "#b9d8da"
TEAL_TINT = "#e6f1f1"
ACCENT = "#a8440f"
ACCENT_MID = "#e08a4a"

# Of a bar cut in parts: each step is told from its neighbours in grey, too.
STEPS = (TEAL_DEEP, "#5fabb3", TEAL_LIGHT, "#86350b", ACCENT_MID, "#f0cba8")
# What can be read on each step (contrast of 4.5 at least).
ON_STEPS = (WHITE, TEAL_DEEP, TEAL_DEEP, WHITE, TEAL_DEEP, TEAL_DEEP)
