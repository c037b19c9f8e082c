"""WeasyPrint, used so that a page costs as little as it can.

Fonts and style sheets are read once a process: ``preload()`` does it in a worker before it forks.
Well-formed documents go through the C parser. The garbage collector rests while a page is laid out
(600,000 short-lived objects a page) and takes the young ones away afterwards. What changes with the
version of WeasyPrint is here and nowhere else: its version is pinned.
"""

import base64
import gc
import hashlib
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

with warnings.catch_warnings():
    # A server without a single font: ours come with the documents.
    warnings.filterwarnings("ignore", message="No fonts configured")
    import weasyprint
    from weasyprint.css.counters import CounterStyle
    from weasyprint.html import UA
    from weasyprint.text.fonts import FontConfiguration

import cssselect2
import tinyhtml5
from django.contrib.staticfiles import finders
from PIL import ImageFile

from apmsl.lib.pdf import files, margins

# Raise it when the same HTML must give another file (options, corrections of what WeasyPrint does).
REVISION = "3"
VARIANT = "pdf/ua-1"
SHEETS = "css/pdf"
SVG = "{http://www.w3.org/2000/svg}"
# What the slow parser makes of an ``xmlns``: written again it would be no XML.
_XMLNS = "{http://www.w3.org/2000/xmlns/}xmlns"
_ENTITY = re.compile(r"&(?!(?i:amp|lt|gt|quot|apos);)\w+;")
margins.leave_untagged()
# WeasyPrint lets Pillow complete pictures that are cut short, for the whole process: what somebody
# uploads would be taken half grey, without a word (see apmsl.lib.pictures).
ImageFile.LOAD_TRUNCATED_IMAGES = False
_UNUSED = re.compile(r"^(?:::(?:footnote|note)-|@counter-style).*$", re.MULTILINE)
_ADDRESS = re.compile(r"""(?:url\(\s*['"]?|(?:href|src)=['"])([^'")\s]+)""")


def _defaults() -> str:
    """WeasyPrint's own style sheet, without notes: they give five more styles to every element."""
    return _UNUSED.sub("", UA).replace("\n::marker", "\nli::marker")


@dataclass
class _Shelf:
    """What the documents of a process share. Pango is not safe for threads: one document at a time."""

    fonts: Any = field(default_factory=FontConfiguration)
    counters: Any = field(default_factory=CounterStyle)
    sheets: dict[tuple[Path, int], Any] = field(default_factory=dict)
    defaults: Any = field(default_factory=lambda: weasyprint.CSS(string=_defaults()))
    fetcher: files.OwnFilesOnly = field(default_factory=files.OwnFilesOnly)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sheet(self, address: str) -> Any | None:
        """The parsed style sheet; read again when its file has changed (on a developer's machine)."""
        path = _own_file(address)
        if path is None:
            return None
        key = (path, path.stat().st_mtime_ns)
        if key not in self.sheets:
            self.sheets[key] = weasyprint.CSS(
                string=path.read_text("utf-8"),
                base_url=address,
                url_fetcher=self.fetcher,
                font_config=self.fonts,
                counter_style=self.counters,
            )
        return self.sheets[key]


@lru_cache(maxsize=1)
def _shelf() -> _Shelf:
    return _Shelf()


class _Document(weasyprint.HTML):
    """A document whose linked style sheets come from the shelf."""

    def __init__(self, html: str, shelf: _Shelf) -> None:
        # Not the parent's: it only knows the slow parser.
        root = _parse(html)
        self.base_url = files.base_address()
        self.url_fetcher = shelf.fetcher
        self.media_type = "print"
        self.sheets = list(_take_sheets(root, shelf))
        _drawings_as_pictures(root)
        self.defaults = shelf.defaults
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        return [self.defaults]


def _parse(html: str) -> Any:
    # XML knows five names of characters, texts by the staff hold others (« &nbsp; »).
    html = _ENTITY.sub(lambda entity: unescape(entity[0]), html)
    try:
        return ElementTree.fromstring(html)  # noqa: S314  our own templates' output
    except ElementTree.ParseError:
        return tinyhtml5.parse(html, namespace_html_elements=False)


def _take_sheets(root: Any, shelf: _Shelf) -> Iterator[Any]:
    head = root.find("head")
    for link in [] if head is None else head.findall("link[@rel='stylesheet']"):
        sheet = shelf.sheet(urljoin(files.base_address(), link.get("href", "")))
        if sheet is not None:
            head.remove(link)
            yield sheet


def _drawings_as_pictures(root: Any) -> None:
    """Each drawing becomes a picture of its own, described by its title and its description.

    Inside the document the cascade would go through every shape of it for nothing, and a PDF knows
    one text for a figure: that of its title alone would be read.
    """
    for drawing in list(root.iter(f"{SVG}svg")):
        parts = (drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc"))
        described = " ".join((part.text or "").strip() for part in parts if part is not None)
        kept = {name: drawing.get(name) for name in ("class", "id") if drawing.get(name)}
        drawing.attrib.pop(_XMLNS, None)
        drawing.tail, tail = None, drawing.tail  # what follows it is no part of the picture
        content = base64.b64encode(ElementTree.tostring(drawing)).decode()
        drawing.clear()
        drawing.tag, drawing.tail = "img", tail
        drawing.attrib.update(kept, alt=described, src=f"data:image/svg+xml;base64,{content}")


def _print_links(_document: Any, pdf: Any) -> None:
    """What may be clicked must also be printed (PDF/UA-1, 7.18.1): the third flag."""
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Subtype") == "/Link":
            item["F"] = 4


def render(html: str) -> bytes:
    """The document as PDF/UA-1. The same HTML gives the same bytes."""
    shelf = _shelf()
    with shelf.lock, _resting_collector():
        document = _Document(html, shelf)
        pdf = document.write_pdf(
            font_config=shelf.fonts,
            # Each document may define its own: it must not write into the shared ones.
            counter_style=shelf.counters.copy(),
            stylesheets=document.sheets,
            pdf_variant=VARIANT,
            finisher=_print_links,
            pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
        )
    return bytes(pdf)


@contextmanager
def _resting_collector() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect(0)


def digest(html: str) -> str:
    """What the document depends on: the same digest, the same file, so no need to draw it again."""
    sha = hashlib.sha256(f"{weasyprint.VERSION}/{REVISION}/{VARIANT}\n{html}".encode())
    for name, content in sorted(_used_files(html, files.base_address()).items()):
        sha.update(f"\n{name} {content}".encode())
    return sha.hexdigest()


def _used_files(text: str, base: str) -> dict[str, str]:
    """Digest of each of our files that ``text`` names, and of those that these name."""
    return _digests(frozenset(urljoin(base, found) for found in _ADDRESS.findall(text)))


def _digests(addresses: frozenset[str]) -> dict[str, str]:
    used: dict[str, str] = {}
    for address in addresses:
        path = _own_file(address)
        if path is not None:
            used[address], named = _file_digest(path, path.stat().st_mtime_ns, address)
            used |= _digests(named - addresses)
    return used


@lru_cache(maxsize=512)
def _file_digest(path: Path, _changed: int, address: str) -> tuple[str, frozenset[str]]:
    """The digest of a file, and what it names in its turn."""
    content = path.read_bytes()
    found = _ADDRESS.findall(content.decode()) if path.suffix == ".css" else ()
    return hashlib.sha256(content).hexdigest(), frozenset(urljoin(address, name) for name in found)


def _own_file(address: str) -> Path | None:
    name = files.static_name(address)
    return files.static_path(name) if name else None


def preload() -> None:
    """Read the fonts and every style sheet of documents, then draw once: to be called before a fork."""
    names = [f"{SHEETS}/{path.name}" for path in sorted(_sheet_folder().glob("*.css"))]
    links = "".join(f'<link rel="stylesheet" href="{files.static_address(n)}"/>' for n in names)
    text = "<p>1 <b>2</b> <i>3</i></p>"
    render(f'<html lang="fr"><head><title>1</title>{links}</head><body>{text}</body></html>')
    gc.collect()
    # What is loaded now stays: the collector need not go through it again, nor the children copy it.
    gc.freeze()


def _sheet_folder() -> Path:
    found = finders.find(SHEETS)
    return Path(found) if isinstance(found, str) else Path()
