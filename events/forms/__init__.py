from events.forms.colleagues import ColleaguesForm
from events.forms.letters import LetterForm
from events.forms.programme import ChoicesForm

__all__ = ["ChoicesForm", "ColleaguesForm", "LetterForm"]
