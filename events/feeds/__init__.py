from events.feeds.calendars import agenda, mine, public
from events.feeds.registry import Source, register_events, register_source

__all__ = ["Source", "agenda", "mine", "public", "register_events", "register_source"]
