"""The buttons above a text: they write the signs of Markdown, and the browser can take them back."""

from playwright.sync_api import expect

from tests.browser.portal import Portal


def test_the_buttons_write_the_signs_and_the_preview_shows_them(portal: Portal):
    with portal.visit() as page:
        portal.sign_in(page, "staff")
        page.goto("/composants/")
        text = page.get_by_label("Texte mis en forme").first
        text.fill("Un mot important\npremier\nsecond")
        text.evaluate("area => area.setSelectionRange(3, 6)")
        bold = page.get_by_role("button", name="Gras").first
        bold.click()
        expect(text).to_have_value("Un **mot** important\npremier\nsecond")
        bold.click()
        expect(text).to_have_value("Un mot important\npremier\nsecond")
        page.keyboard.press("ControlOrMeta+z")
        expect(text).to_have_value("Un **mot** important\npremier\nsecond")

        text.evaluate("area => area.setSelectionRange(22, area.value.length)")
        page.get_by_role("button", name="Liste").first.click()
        expect(text).to_have_value("Un **mot** important\n- premier\n- second")
        page.get_by_role("button", name="Aperçu").first.click()
        shown = page.get_by_role("group", name="Aperçu du texte").first
        expect(shown.locator("strong")).to_have_text("mot")
        expect(shown.locator("li")).to_have_count(2)
        assert page.get_by_label("Texte mis en forme").first.input_value().startswith("Un **mot**")


def test_without_scripts_the_text_is_a_plain_field(portal: Portal):
    with portal.visit(javascript=False) as page:
        portal.sign_in(page, "staff")
        page.goto("/composants/")
        expect(page.get_by_label("Texte mis en forme").first).to_be_editable()
        expect(page.get_by_role("button", name="Gras").first).to_be_hidden()
