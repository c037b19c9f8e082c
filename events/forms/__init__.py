from events.forms.colleagues import ColleaguesForm
from events.forms.guests import GuestForm
from events.forms.keeping import ReserveForm, SuccessorForm
from events.forms.letters import LetterForm
from events.forms.programme import ChoicesForm
from events.forms.questions import AnswersForm

__all__ = [
    "GuestForm",
    "AnswersForm",
    "ChoicesForm",
    "ColleaguesForm",
    "LetterForm",
    "ReserveForm",
    "SuccessorForm",
]
