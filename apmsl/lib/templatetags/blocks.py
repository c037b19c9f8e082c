from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template

from apmsl.lib.blocks import Block

register = template.Library()


@register.simple_tag(takes_context=True)
def home_block(context: Context, block: Block) -> str:
    """Draw a block of the home page with its own context over the page's."""
    found: Any = get_template(block.template)
    with context.push(**block.context):
        drawn: str = found.template.render(context)
    return drawn
