"""Codes, natural keys and official numbers."""

import secrets

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: people read codes aloud


def new_code() -> str:
    """A fresh natural key for a record created in the portal."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))
