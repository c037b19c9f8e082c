from events.forms.colleagues import ColleaguesForm
from events.forms.programme import ChoicesForm

__all__ = ["ChoicesForm", "ColleaguesForm"]
