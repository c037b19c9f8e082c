"""What axe and a ruler find wrong with the page that is open."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__path__[0]) / "axe.min.js").read_text()
TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    *("RGAAv4", "best-practice"),
]
NARROWEST = 320
TALLEST = 900

# What is not ours to mend: (rule of axe, part of the element's selector) and why, with the date.
EXCLUDED: dict[tuple[str, str], str] = {}


def page_problems(page: Page, seen: set[str]) -> list[str]:
    """Everything wrong with the page; ``seen``: the layouts that axe has passed already."""
    layouts = {_layout(page, "main"), _layout(page, "header")}
    if layouts <= seen:
        return overflow(page)
    seen |= layouts
    return violations(page) + first_stop(page) + overflow(page)


def _layout(page: Page, part: str) -> str:
    """Which elements it is made of, in their order; a run of the same counts once."""
    return page.evaluate(
        """(part) => {
            const drawn = (element) => {
                const names = element.className.baseVal ?? element.className;
                const filled = element.childNodes.length > 0;
                const facts = [element.tagName, names, ...element.getAttributeNames(), filled];
                const inside = [...element.children].map(drawn);
                const runs = inside.filter((child, index) => child !== inside[index - 1]);
                return `${facts.join(" ")}(${runs.join("")})`;
            };
            const root = document.querySelector(part);
            return root ? drawn(root) : part;
        }""",
        part,
    )


def violations(page: Page) -> list[str]:
    """One line per element that breaks a rule."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE)
    found = page.evaluate(
        """async (tags) => {
            const result = await axe.run(document, {
                runOnly: {type: "tag", values: tags}, resultTypes: ["violations"],
            });
            return result.violations.flatMap((rule) => rule.nodes.map((node) => ({
                rule: rule.id, target: node.target.join(" "), html: node.html.slice(0, 200),
                summary: node.failureSummary,
            })));
        }""",
        TAGS,
    )
    return [_line(node) for node in found if not _excluded(node)]


def _excluded(node: dict[str, Any]) -> bool:
    return any(
        node["rule"] == rule and part in f"{node['target']} {node['html']}"
        for rule, part in EXCLUDED
    )


def _line(node: dict[str, Any]) -> str:
    return f"{node['rule']}: {node['target']} {node['html']}\n{node['summary']}"


def overflow(page: Page) -> list[str]:
    """At 320 px nothing has to be scrolled sideways."""
    size = page.viewport_size or {"width": 1280, "height": TALLEST}
    page.set_viewport_size({"width": NARROWEST, "height": TALLEST})
    width, culprits = page.evaluate(
        """() => {
            const root = document.documentElement;
            if (root.scrollWidth <= root.clientWidth) return [root.scrollWidth, []];
            const wide = [...document.body.querySelectorAll("*")].filter(
                (element) => element.getBoundingClientRect().right > root.clientWidth + 1);
            return [root.scrollWidth, wide.slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
        }"""
    )
    page.set_viewport_size(size)
    return [f"overflow: {width} px: {culprits}"] if width > NARROWEST else []


def first_stop(page: Page) -> list[str]:
    """The first key press offers to skip to the content, in sight."""
    if page.evaluate("() => document.activeElement !== document.body"):
        return []  # the page has put the focus somewhere: an error to be read first
    page.keyboard.press("Tab")
    skip = page.evaluate(
        """() => {
            const box = document.activeElement.getBoundingClientRect();
            return document.activeElement.matches("a.skip") && box.top >= 0 && box.height > 20;
        }"""
    )
    page.evaluate("() => document.activeElement.blur()")
    return [] if skip else ["the first stop of the keyboard is not the skip link"]
