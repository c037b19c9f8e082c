"""What an uploaded file holds, against what its name says."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from apmsl.lib import uploads

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def archive(*names, size=10):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, b"0" * size)
    return content.getvalue()


def picture(kind):
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, kind)
    return content.getvalue()


WORD = archive("[Content_Types].xml", "word/document.xml")
GOOD = {
    "guide.pdf": PDF,
    "Guide.PDF": PDF,
    "lettre.docx": WORD,
    "tableau.xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "diaporama.pptx": archive("[Content_Types].xml", "ppt/presentation.xml"),
    "lettre.odt": archive("mimetype", "content.xml"),
    "affiche.png": picture("PNG"),
    "photo.jpeg": picture("JPEG"),
}
WRONG = {
    "page.pdf": b"<html><script>alert(1)</script></html>",
    "coupe.pdf": PDF[:20],
    "tableau.docx": GOOD["tableau.xlsx"],
    "archive.xlsx": archive("autre.txt"),
    "bombe.docx": archive("[Content_Types].xml", "word/document.xml", size=101_000_000),
    "image.png": b"GIF89a" + b"\0" * 20,
    "photo.jpg": picture("PNG"),
    "lettre.odt": b"PK\x03\x04 coupe",
}


def refusal(name, content):
    with pytest.raises(ValidationError) as refused:
        uploads.check_document(ContentFile(content, name=name))
    return refused.value.messages[0]


@pytest.mark.parametrize("name", GOOD)
def test_a_document_is_accepted_and_left_at_its_start(name):
    file = ContentFile(GOOD[name], name=name)

    uploads.check_document(file)

    assert file.read() == GOOD[name]


@pytest.mark.parametrize("name", WRONG)
def test_a_content_that_is_not_that_of_its_name_is_refused(name):
    assert "mais n’en a pas le contenu" in refusal(name, WRONG[name])


@pytest.mark.parametrize("name", ["page.html", "dessin.svg", "guide.pdf.exe", "sans-extension", ""])
def test_other_types_are_refused(name):
    assert "n’est pas accepté" in refusal(name, PDF)


def test_an_empty_file_and_a_heavy_one_are_refused():
    assert refusal("vide.pdf", b"") == "Ce fichier est vide."
    assert "trop lourd" in refusal("lourd.pdf", b"%PDF-" + b"0" * uploads.LARGEST)


# -- damaged on the way ----------------------------------------------------------------------------
def damaged(content, index, byte):
    """The same with one byte changed."""
    return content[:index] + bytes([byte]) + content[index + 1 :]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        # the name of the second part of a PNG, and the version that an archive says it needs
        ("affiche.png", damaged(GOOD["affiche.png"], 37, 0xB6)),
        ("lettre.docx", damaged(WORD, WORD.index(b"PK\x01\x02") + 6, 198)),
    ],
)
def test_a_file_with_a_wrong_byte_is_refused_and_breaks_nothing(name, content):
    with pytest.raises(ValidationError, match="n’en a pas le contenu"):
        uploads.check_document(ContentFile(content, name))
