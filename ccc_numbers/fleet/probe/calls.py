"""Single calls as a probe makes them: tried once, whatever comes of it, and recorded without anybody's data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from ccc_numbers.api import wire
from ccc_numbers.api.client import Client
from ccc_numbers.api.errors import ApiError, Throttled, Unavailable
from ccc_numbers.api.operations.base import Parameter
from ccc_numbers.api.wire import Wire
from ccc_numbers.messages.language import tr
from ccc_numbers.recording import Recorder


class Untold(Exception):
    """A behaviour that cannot be told here; the text says why, in one line."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What CCC said to one call. `code` is OK or CCC's error code; `status` is HTTP's, None where it is not known."""

    code: str
    status: int | None = 200
    body: Wire = field(default_factory=dict)

    @property
    def fine(self) -> bool:
        return self.code == "OK"

    @property
    def rows(self) -> list[Wire]:
        """The rows of a listing's page."""
        rows = wire.mapping(self.body, "Data").get("List") or []
        return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []

    @property
    def failed(self) -> tuple[str, ...]:
        """The numbers that a call on several of them did not take."""
        return tuple(map(str, wire.items(self.body, "Data")))

    def refused(self, *starts: str) -> bool:
        """Whether CCC refused the call with a code that begins so."""
        return self.code.startswith(starts)

    def meaning(self, meanings: Mapping[str, str]) -> str:
        """What a refusal means, by how its code begins. Untold where it is another answer."""
        for start, meaning in meanings.items():
            if self.refused(start):
                return meaning
        return self.unexpected()

    def unexpected(self) -> NoReturn:
        """Raise Untold: an answer that no alternative gives."""
        raise Untold(tr("an answer nobody expected: {code}", code=self.code))


class Calls:
    """Calls to one instance, and the recording of them: what was sent and answered, with everybody's data replaced.

    A call that gets no usable answer raises Untold.
    """

    def __init__(self, client: Client, instance: str) -> None:
        self._client = client
        self.instance = instance
        self.recording: list[dict[str, object]] = []
        self._recorder = Recorder()

    async def to_instance(self, action: str, **parameters: Parameter) -> Outcome:
        """One call about the instance."""
        return await self.call(action, InstanceId=self.instance, **parameters)

    async def call(self, action: str, **parameters: Parameter) -> Outcome:
        """One call, exactly as said."""
        try:
            body = await self._client.attempt(action, **parameters)
            outcome = Outcome("OK", 200, body)
        except (Throttled, Unavailable) as error:
            raise Untold(tr("no usable answer: {error}", error=error)) from None
        except ApiError as error:
            outcome = Outcome(error.code, error.http_status)
        sent = {name: value for name, value in parameters.items() if value is not None}
        self.recording.append(self._recorder.call(action, sent, outcome.status, outcome.code, outcome.body))
        return outcome
