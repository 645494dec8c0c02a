"""Clients with keys of their own for the raw server, and what it answers them with."""

from typing import Final

from ccc_numbers.api.client import Client
from ccc_numbers.api.credentials import Credentials, FixedKeys, Keys
from ccc_numbers.api.settings import Settings
from tests.api.raw import Answer, RawServer

KEYS: Final = Keys("LTAI5tTestKeyId", "s3cr3t-of-the-key", "t0ken-of-the-session")
SECRETS: Final = ("LTAI5tTestKeyId", "s3cr3t", "t0ken", "Signature=")


def client_of(
    server: RawServer, *, credentials: Credentials | None = None, read: float = 5, operation: float = 10
) -> Client:
    settings = Settings.parse(
        {"endpoint": server.url, "timeouts": {"read": read, "operation": operation, "connect": 2}}, environ={}
    )
    return Client(settings, credentials=credentials or FixedKeys(KEYS))


def numbers(count: int) -> list[dict[str, object]]:
    return [{"Number": f"0218{n:07d}", "Usage": "Inbound", "InstanceId": "i"} for n in range(count)]


def in_turn(*answers: bytes) -> Answer:
    """Each answer once, the last one for ever."""
    left = list(answers)
    return lambda query: left.pop(0) if len(left) > 1 else left[0]


async def at_once(_: int) -> None:
    """In place of `retry.pause`."""
