"""The words of a question, which change from one year to the next and never for a year that is past."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from members.models import FormQuestion, Question, Scan


@transaction.atomic
def word(*, question: Question) -> None:
    """Give a question its new words; the forms that teams have sent keep those they were read in."""
    former = Question.objects.select_for_update(of=("self",), no_key=True).get(pk=question.pk)
    if former.label != question.label:
        sent = Scan.objects.sent().filter(form=OuterRef("form"))
        read = FormQuestion.objects.filter(Exists(sent), question=question, wording="")
        read.update(wording=former.label)
    question.save()
