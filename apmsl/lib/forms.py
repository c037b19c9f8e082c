"""How a form is drawn: label, help and error beside each field, and a summary of errors on top.

``{{ form }}`` and ``{{ field.as_field_group }}`` are enough in a page. The admin keeps its own look:
it draws its fields itself, and its widgets' templates are found as usual.
"""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template


class PortalRenderer(DjangoTemplates):
    form_template_name = "components/form_fields.html"
    field_template_name = "components/field.html"

    def get_template(self, template_name: str) -> Any:
        """Ours come from the project, with its tags; widgets from Django and the apps."""
        if template_name.startswith("components/"):
            return get_template(template_name)
        return super().get_template(template_name)


class Editor(forms.Textarea):
    """A text in Markdown, with buttons that write its signs and show it as it will be read."""

    template_name = "components/editor.html"

    class Media:
        js = (forms.Script("js/editor.js", defer=True),)
