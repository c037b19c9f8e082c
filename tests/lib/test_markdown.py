import pytest

from apmsl.lib.markdown import to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Une **année** dense", "<p>Une <strong>année</strong> dense</p>\n"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"),
        ("[ici](https://a.test)", '<p><a href="https://a.test">ici</a></p>\n'),
        ("[non](javascript:x)", "<p>[non](javascript:x)</p>\n"),
        ("![image](https://a.test/x.png)", "<p></p>\n"),
    ],
)
def test_only_plain_text_comes_through(text, html):
    assert to_html(text) == html


@pytest.mark.parametrize("text", ["# Un\n\n## Deux", "## Un\n\n#### Deux", "Un\n==\n\nDeux\n--"])
def test_headings_follow_the_page_whatever_was_typed(text):
    assert to_html(text, top=3) == "<h3>Un</h3>\n<h4>Deux</h4>\n"


def test_the_spaces_of_french_are_typed_by_the_portal():
    assert to_html("Merci !") == "<p>Merci\u202f!</p>\n"
