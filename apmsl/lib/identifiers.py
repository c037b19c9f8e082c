"""Codes, natural keys and official numbers."""

import secrets

from django.core.exceptions import ValidationError
from stdnum import luhn
from stdnum.exceptions import ValidationError as NotValid
from stdnum.fr import siret

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: people read codes aloud


def new_code() -> str:
    """A fresh natural key for a record created in the portal."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def compacted(number: str) -> str:
    """As it is kept: « 732 829 320 00074 » without what makes it readable."""
    return "".join(character for character in number if character.isalnum()).upper()


def validate_siret(number: str) -> None:
    try:
        siret.validate(number)
    except NotValid as refused:
        if len(number) != 14 or not number.isdecimal():
            raise ValidationError("Un SIRET compte quatorze chiffres.") from refused
        raise ValidationError(
            "Ce numéro n’est pas un SIRET : sa clé ne correspond pas. Un chiffre est-il inversé ?"
        ) from refused


def finess_key_holds(number: str) -> bool:
    """The last digit is the key of the others; some numbers in use break the rule, so that it warns
    and refuses nothing. In Corsica the letter of the département counts as 0."""
    digits = number.replace("A", "0").replace("B", "0")
    return luhn.is_valid(digits)
