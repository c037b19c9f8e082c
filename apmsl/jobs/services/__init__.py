from apmsl.jobs.services.gathering import gather
from apmsl.jobs.services.requests import again, request, send_unheard
from apmsl.jobs.services.wishes import Wish

__all__ = ["Wish", "again", "gather", "request", "send_unheard"]
