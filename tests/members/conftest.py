from tests.concurrency.conftest import crowd

__all__ = ["crowd"]
