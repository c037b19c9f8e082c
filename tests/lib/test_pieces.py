"""Components remembered by their parameters."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.template import Context, Library, Template, engines
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from apmsl.lib import pieces
from apmsl.lib.pieces import Shelf, form_key, piece


def drawn(source, **context):
    return engines["django"].from_string(source).render(context)


def test_the_same_parameters_give_the_same_drawing_and_others_another():
    source = '{% event_line day title href="/e/1/" %}'

    one = drawn(source, day=date(2023, 6, 15), title="Réunion")
    other = drawn(source, day=date(2023, 6, 15), title="Autre")

    assert drawn(source, day=date(2023, 6, 15), title="Réunion") == one
    assert "Réunion" in one
    assert "Autre" in other


def test_a_text_that_must_be_escaped_never_gets_the_drawing_of_one_marked_safe():
    source = "{% badge text %}"

    safe = drawn(source, text=mark_safe("<b>oui</b>"))
    plain = drawn(source, text="<b>oui</b>")

    assert "<b>oui</b>" in safe
    assert "&lt;b&gt;oui&lt;/b&gt;" in plain
    assert drawn(source, text=mark_safe("<b>oui</b>")) == safe


def test_true_and_one_are_not_the_same():
    assert "1" in drawn("{% badge text %}", text=1)
    assert "True" in drawn("{% badge text %}", text=True)


def test_what_may_change_is_drawn_each_time():
    class Team:
        name = "Avant"

        def __str__(self):
            return self.name

    team = Team()
    source = '<dl>{% fact "Équipe" team %}</dl>'
    before = drawn(source, team=team)

    team.name = "Après"

    assert "Avant" in before
    assert "Après" in drawn(source, team=team)


def test_a_piece_is_worked_out_once_but_always_in_development(settings):
    asked = []

    def badge(text):
        asked.append(text)
        return {"text": text}

    tag = piece(Library())(badge)

    assert tag("une") == tag("une")
    assert asked == ["une"]
    settings.DEBUG = True
    assert tag("une") == tag("une")
    assert asked == ["une"] * 3


class Search(forms.Form):
    name = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)


def test_a_form_s_key_changes_with_what_is_given_and_with_its_choices():
    def key(query="", choices=(("a", "A"),), bound=True):
        form = Search(QueryDict(query) if bound else None)
        form.fields["kind"].choices = choices
        return form_key(form)

    keys = [key(), key("name=a"), key("kind=a"), key(choices=[("a", "B")]), key(bound=False)]

    assert len(set(keys)) == 5
    assert key("name=a") == key("name=a")


def test_the_filter_bar_shows_what_is_given_whoever_came_before():
    template = Template("{% filter_bar form %}")

    def bar(query):
        request = RequestFactory().get(f"/?{query}")
        return template.render(Context({"form": Search(request.GET), "request": request}))

    assert 'value="zoé"' in bar("name=zoé")
    assert 'value="anne"' in bar("name=anne")
    assert "value=" not in bar("").split("<select")[0].split('type="text"')[1]
    assert bar("name=zoé") == bar("name=zoé")


def test_a_shelf_keeps_no_more_than_its_size():
    shelf = Shelf(2)

    for key in range(5):
        assert shelf.get(key, lambda key=key: str(key)) == str(key)

    assert len(shelf._drawn) <= 2
    assert pieces.REMEMBERED > 25 * 20
