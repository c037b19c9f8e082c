"""Why a move of a seat is not made. Each message is shown as it is."""


class Refused(Exception):
    pass


class EventCancelled(Refused):
    pass


class RegistrationClosed(Refused):
    pass


class NotOpenYet(Refused):
    pass


class AlreadyOver(Refused):
    pass


class WrongAudience(Refused):
    pass


class NotYourColleague(Refused):
    pass


class TeamFull(Refused):
    pass


class TooManyTogether(Refused):
    pass


class NoLongerRegistered(Refused):
    pass


class NothingOffered(Refused):
    pass


class OfferExpired(Refused):
    pass


class TooLate(Refused):
    pass


class AlreadyRegistered(Refused):
    pass


class AlreadyReserved(Refused):
    pass


class NoReason(Refused):
    pass
