import io
import os
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pikepdf
import pytest
from outloud import check
from PIL import Image
from pypdf import PdfReader

from apmsl.lib import pdf
from apmsl.lib.pdf import engine, files


def document(body, *, sheet="css/pdf/base.css", head=""):
    link = f'<link rel="stylesheet" href="{files.static_address(sheet)}"/>'
    return (
        f'<html lang="fr"><head><title>Essai</title>{link}{head}</head><body>{body}</body></html>'
    )


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def fonts_of(content):
    fonts = {}
    for page in PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            fonts[font["/BaseFont"]] = "/FontFile2" in descriptor or "/FontFile3" in descriptor
    return fonts


@pytest.fixture
def probe():
    """A server that notes whether anything was asked of it, and sends on to a file of ours."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", files.static_address("css/pdf/base.css"))
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_document_is_tagged_titled_and_in_french():
    content = pdf.render(document("<h1>Bilan</h1><p>Bonjour</p>"))

    with pikepdf.open(io.BytesIO(content)) as opened:
        assert str(opened.Root.Lang) == "fr"
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Essai"


def test_only_our_fonts_are_used_and_they_are_embedded():
    body = "<p>Œuvre « l’été » : 1\u202f200\u00a0€ – <b>gras</b> <i>italique</i> Łódź</p>"

    fonts = fonts_of(pdf.render(document(body)))

    assert fonts
    assert all("Atkinson" in name for name in fonts), fonts
    assert all(fonts.values())


def test_the_text_can_be_taken_out_again():
    assert "Équipes constituées : 81" in text_of(
        pdf.render(document("<p>Équipes constituées : 81</p>"))
    )


def test_the_same_document_gives_the_same_bytes():
    html = document("<h1>Bilan</h1><p>Bonjour <b>à</b> <i>tous</i></p>")

    assert pdf.render(html) == pdf.render(html)


def test_another_process_gives_the_same_bytes():
    """Sets have another order in each process: nothing of it may reach the file."""
    html = document("<h1>Bilan</h1><p>Bonjour <b>à</b> <i>tous</i></p>")
    program = (
        "import django, hashlib, sys; django.setup(); from apmsl.lib import pdf;"
        "print(hashlib.sha256(pdf.render(sys.stdin.read())).hexdigest())"
    )

    def rendered(seed):
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=html,
            text=True,
            capture_output=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        return done.stdout

    assert rendered("1") == rendered("2")


def test_a_document_that_is_no_xml_is_drawn_all_the_same():
    assert text_of(pdf.render(document("<p>Un<br>deux &nbsp; trois"))).split() == [
        "Un",
        "deux",
        "trois",
    ]


def test_both_parsers_draw_the_same_page():
    body = "<h1>Bilan</h1><p>Un <b>deux</b></p><ul><li>trois</li></ul>"

    fast, slow = pdf.render(document(body)), pdf.render(document(body.replace("</p>", "")))

    assert text_of(fast) == text_of(slow)


@pytest.mark.parametrize(
    "body",
    [
        '<img src="{address}" alt="x"/>',
        '<p style="background: url({address})">x</p>',
        '<object data="{address}">x</object>',
        '<embed src="{address}"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{address}"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><use href="{address}#a"/></svg>',
    ],
)
def test_nothing_is_asked_of_the_network(body, probe):
    address, asked = probe

    pdf.render(document(body.format(address=address)))

    assert asked == []


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" href="{address}"/>',
        '<link rel="attachment" href="{address}"/>',
        "<style>@import url({address});</style>",
        "<style>@font-face {{ font-family: x; src: url({address}) }}</style>",
        '<base href="{address}"/><link rel="stylesheet" href="/static/css/pdf/base.css"/>',
    ],
)
def test_no_style_sheet_attachment_or_font_comes_from_the_network(head, probe):
    address, asked = probe

    pdf.render(document("<p>x</p>", head=head.format(address=address)))

    assert asked == []


@pytest.mark.parametrize("rel", ["attachment", "stylesheet"])
def test_no_file_of_the_server_gets_into_a_document(rel, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("mot-de-passe")
    body = f'<p>x</p><img src="{secret.as_uri()}" alt="x"/>'

    content = pdf.render(document(body, head=f'<link rel="{rel}" href="{secret.as_uri()}"/>'))

    with pikepdf.open(io.BytesIO(content)) as opened:
        assert len(opened.attachments) == 0
        assert not any(
            b"mot-de-passe" in stream.read_bytes()
            for stream in opened.objects
            if isinstance(stream, pikepdf.Stream)
        )


@pytest.mark.parametrize(
    "name", ["../apmsl/settings/base.py", "%2e%2e/manage.py", "css/../../manage.py", "/etc/passwd"]
)
def test_a_path_cannot_leave_the_static_files(name):
    with pytest.raises((files.RefusedAddress, ValueError)):
        files.OwnFilesOnly().fetch(f"{files.base_address()}static/{name}")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/static/css/pdf/base.css",
        "https://127.0.0.1:8000/static/css/pdf/base.css",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1/x",
        "http://127.0.0.1:8000/media/x",
    ],
)
def test_another_address_is_refused_without_a_connection(address, settings, monkeypatch):
    settings.PORTAL_URL = "http://127.0.0.1:8000"
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))

    with pytest.raises(files.RefusedAddress):
        files.OwnFilesOnly().fetch(address)


def test_data_inside_the_document_may_be_used():
    response = files.OwnFilesOnly().fetch("data:text/plain,bonjour")

    assert response.read() == b"bonjour"


def test_the_names_of_characters_take_the_fast_way(monkeypatch):
    monkeypatch.setattr(engine.tinyhtml5, "parse", lambda *_, **__: pytest.fail("slow parser"))

    content = pdf.render(document("<p>Un&nbsp;: deux &amp; trois &lt; quatre</p>"))

    assert text_of(content).split() == ["Un", ":", "deux", "&", "trois", "<", "quatre"]


def test_page_numbers_and_running_heads_are_not_read_aloud(tmp_path):
    # No line is like another: it would be taken for a running head.
    text = "".join(f"<p>Ligne {chr(97 + n % 26) * (n // 26 + 1)}</p>" for n in range(130))
    sheet = "css/pdf/activity.css"
    path = tmp_path / "document.pdf"
    path.write_bytes(
        pdf.render(document(f'<h2 data-running="Bilan">Année</h2>{text}', sheet=sheet))
    )

    findings = {finding.rule for finding in check(path).findings}

    assert len(PdfReader(path).pages) > 2
    assert "PAG-001" not in findings


def test_a_drawing_is_described_by_its_title_and_its_description():
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>Équipes.</title>'
        "<desc>La Sarthe en compte douze.</desc><rect width='9' height='9'/></svg>"
    )

    with pikepdf.open(io.BytesIO(pdf.render(document(drawing)))) as opened:
        texts = [
            str(item.Alt)
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]

    assert texts == ["Équipes. La Sarthe en compte douze."]


@pytest.mark.parametrize("text", ["avant", "avant&nbsp;", "avant<br>"])
def test_a_drawing_is_drawn_where_it_stands_and_what_follows_it_stays(text):
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="9" font-family="Atkinson">'
        "<title>x</title><text x='1' y='8'>dans</text></svg>"
    )

    content = pdf.render(document(f"<p>{text}</p>{drawing} après"))

    assert sorted(text_of(content).replace("après", " après ").split()) == [
        "après",
        "avant",
        "dans",
    ]


def test_the_digest_tells_whether_the_file_would_be_the_same(tmp_path, settings):
    sheet = tmp_path / "css" / "own.css"
    sheet.parent.mkdir()
    sheet.write_text("p { color: teal }")
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path]
    html = document("<p>x</p>", sheet="css/own.css")
    before = pdf.digest(html)

    assert pdf.digest(html) == before
    assert pdf.digest(html.replace("x", "y")) != before
    sheet.write_text("p { color: black }")
    assert pdf.digest(html) != before


def test_the_digest_follows_what_a_style_sheet_names(tmp_path, settings):
    picture = tmp_path / "img" / "own.svg"
    picture.parent.mkdir()
    picture.write_text("<svg/>")
    (tmp_path / "own.css").write_text('p { background: url("img/own.svg") }')
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path]
    html = document("<p>x</p>", sheet="own.css")
    before = pdf.digest(html)

    picture.write_text("<svg></svg>")

    assert pdf.digest(html) != before


def test_a_changed_style_sheet_is_read_again(tmp_path, settings):
    sheet = tmp_path / "own.css"
    sheet.write_text("p::before { content: 'avant' }")
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path]
    html = document("<p>x</p>", sheet="own.css")
    assert "avant" in text_of(pdf.render(html))

    sheet.write_text("p::before { content: 'depuis' }")
    os.utime(sheet, ns=(1, 1))

    assert "depuis" in text_of(pdf.render(html))


def test_a_worker_forked_after_loading_draws_what_was_never_drawn_before():
    """Pango's caches are warm in the parent: the child must still be able to look for other fonts."""
    pdf.preload()
    html = document('<p style="font-size: 37px"><b><i>jamais vu</i></b></p>')

    child = os.fork()
    if child == 0:  # pragma: no cover
        os._exit(0 if pdf.render(html).startswith(b"%PDF-1.7") else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"><title>Essai</title>'
    '<rect width="200" height="100" fill="#0b5d66"/>'
    '<text x="210" y="80" font-size="90" font-family="Atkinson">é</text></svg>'
)


def test_a_drawing_becomes_a_picture_as_wide_as_asked_with_its_colours_and_letters():
    with Image.open(io.BytesIO(pdf.picture(DRAWING, width=1200))) as png:
        seen = png.convert("RGB")
    assert (png.format, seen.size) == ("PNG", (1200, 300))
    assert seen.getpixel((300, 150)) == (0x0B, 0x5D, 0x66)
    letters = seen.crop((600, 0, 1200, 300))
    assert letters.getextrema() == ((0, 255),) * 3


def test_a_drawing_without_its_box_is_refused():
    with pytest.raises(ValueError, match="viewBox"):
        pdf.picture(DRAWING.replace("viewBox", "data-box"), width=1200)
