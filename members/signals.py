"""What members tell the apps above, which receive it in their ``apps.ready()``, in the transaction
of the change."""

from django.dispatch import Signal

departure_prepared = Signal()  # departure: somebody leaves a team, and perhaps somebody takes over
departure_cancelled = Signal()  # departure, about to be forgotten
people_merged = Signal()  # person: the one record that is left of two; on, at
person_erased = Signal()  # person, without an address any more; by, on, at
