"""``{% chart drawing %}``: a figure with its table; ``{% drawing drawing %}``: the drawing alone."""

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from apmsl.lib.charts import Drawing

register = template.Library()


@register.simple_tag
def drawing(shape: Drawing | None) -> SafeString:
    """Nothing where there is nothing to draw."""
    if shape is None:
        return SafeString("")
    return SafeString(get_template(shape.template).render({"drawing": shape}))


@register.simple_tag
def chart(shape: Drawing | None, *, table: bool = True, caption: bool = True) -> SafeString:
    if shape is None:
        return SafeString("")
    context = {"drawing": shape, "svg": drawing(shape), "table": table, "caption": caption}
    return SafeString(get_template("charts/figure.html").render(context))
