"""What events tell the apps above, which receive it in their ``apps.ready()``, in the transaction
of the change."""

from django.dispatch import Signal

event_copied = Signal()  # event, copy: made from it on another day
