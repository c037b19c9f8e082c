import factory
from django.utils import timezone

from apmsl.mail.models import Message, MessageStatus


class MessageFactory(factory.django.DjangoModelFactory):
    """Waiting, due, in text only."""

    class Meta:
        model = Message

    class Params:
        sent = factory.Trait(
            status=MessageStatus.SENT, sent_at=factory.LazyFunction(timezone.now), attempts=1
        )

    purpose = "test"
    object_key = factory.Sequence("object {:05}".format)
    recipient = factory.Sequence("personne{:05}@exemple.test".format)
    subject = "Votre inscription"
    text = "Bonjour,\n"
    not_before = factory.LazyFunction(timezone.now)
