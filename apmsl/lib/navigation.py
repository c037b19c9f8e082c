"""The main navigation, as data: each app registers its entries in its ``apps.ready()``.

    navigation.register(label="Équipes", url_name="members:teams", rule=SIGNED_IN,
                        group=navigation.NETWORK, order=10, icon="hospital")

An entry is shown to those whom its rule lets in: give it the rule of the view it leads to.
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.urls import reverse

from apmsl.lib.access import Rule

HOME = ""  # alone in the bar, before the groups
NETWORK = "Réseau"
AGENDA = "Agenda"
RESOURCES = "Ressources"
STEERING = "Pilotage"
ACCOUNT = "Mon compte"
FOOTER = "Pied de page"
_GROUPS = (HOME, NETWORK, AGENDA, RESOURCES, STEERING)  # in the order of the bar


# Every page asks for every address of its menus, and they never change.
_address = lru_cache(reverse)


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    rule: Rule
    group: str = HOME
    order: int = 100
    icon: str = ""
    hint: str = ""  # one line under the label, in the opened menu

    @property
    def url(self) -> str:
        return _address(self.url_name)


@dataclass
class Item:
    """An entry as one person sees it on one page."""

    label: str
    url: str
    icon: str
    hint: str
    current: bool


@dataclass
class Group:
    """Several items behind one word of the bar."""

    label: str
    items: list[Item] = field(default_factory=list)

    @property
    def current(self) -> bool:
        return any(item.current for item in self.items)

    @property
    def single(self) -> Item | None:
        """A menu of one entry is that entry."""
        return self.items[0] if len(self.items) == 1 else None


_entries: dict[str, Entry] = {}


def register(
    *,
    label: str,
    url_name: str,
    rule: Rule,
    group: str = HOME,
    order: int = 100,
    icon: str = "",
    hint: str = "",
) -> None:
    """Registering a URL name again replaces its entry."""
    _entries[url_name] = Entry(label, url_name, rule, group, order, icon, hint)


class Navigation:
    """What one user may go to; read lazily, so that a page without it costs nothing."""

    def __init__(self, user: Any, path: str) -> None:
        self._user = user
        self._path = path
        self._groups: list[Group] | None = None

    @property
    def groups(self) -> list[Group]:
        if self._groups is None:
            self._groups = self._read()
        return self._groups

    @property
    def account(self) -> list[Item]:
        return self._apart(ACCOUNT)

    @property
    def footer(self) -> list[Item]:
        return self._apart(FOOTER)

    def _apart(self, group: str) -> list[Item]:
        entries = [entry for entry in self._visible if entry.group == group]
        return [Item(e.label, e.url, e.icon, e.hint, current=e.url == self._path) for e in entries]

    @cached_property
    def _visible(self) -> list[Entry]:
        entries = sorted(_entries.values(), key=lambda entry: (entry.order, entry.label))
        return [entry for entry in entries if entry.rule.allows(self._user)]

    def _read(self) -> list[Group]:
        visible = [(entry, entry.url) for entry in self._visible if entry.group in _GROUPS]
        current = _closest(self._path, [url for _, url in visible])
        groups: dict[str, Group] = {}
        alone: list[Group] = []
        for entry, url in visible:
            item = Item(entry.label, url, entry.icon, entry.hint, current=url == current)
            if entry.group == HOME:
                alone.append(Group(entry.label, [item]))
            else:
                groups.setdefault(entry.group, Group(entry.group)).items.append(item)
        return alone + [groups[label] for label in _GROUPS if label in groups]


def _closest(path: str, urls: list[str]) -> str | None:
    """The entry a page belongs to: the longest address that its own begins with."""
    above = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(above, key=len, default=None)
