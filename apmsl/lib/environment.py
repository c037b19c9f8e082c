"""Typed readers of environment variables, so that a wrong value stops the portal at once."""

import os
from datetime import date


class MissingVariable(Exception):
    pass


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise MissingVariable(f"La variable d’environnement {name} est obligatoire.")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "oui", "on"}


def integer(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def links(name: str) -> dict[str, str]:
    """« LinkedIn https://…, YouTube https://… »: by what each is called."""
    found = {}
    for pair in words(name):
        label, _, address = pair.rpartition(" ")
        if not label or not address.startswith("https://"):
            raise ValueError(f"{name} : « {pair} » n’est pas un nom suivi d’une adresse https://.")
        found[label.strip()] = address
    return found


def day(name: str) -> date | None:
    value = os.environ.get(name)
    return date.fromisoformat(value) if value else None
