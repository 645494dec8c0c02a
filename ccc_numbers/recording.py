"""Calls and answers without anybody's data, to be attached to a report. The probe and the simulator's proxy make them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_WORDS = frozenset(
    [
        "Inbound",
        "Outbound",
        "Bidirection",
        "true",
        "false",
        "AUDIO",
        "VIDEO",
        "CHAT",
        "ALL",
        "MAIN_FLOW",
        "SUB_FLOW",
        "SURVEY_FLOW",
        "CREATING",
        "RUNNING",
        "STOPPED",
        "RELEASED",
        "INBOUND",
        "OUTBOUND",
        "BACK2BACK",
        "PRIVACY_DIAL",
        "PREDICTIVE",
        "INTERNAL",
        "CONFERENCE",
        "ASC",
        "DESC",
        "startTime",
        "updatedTime",
        "createdTime",
        "Admin",
        "Manager",
        "Agent",
        "Draft",
        "Pending",
        "Executing",
        "Paused",
        "Completed",
        "Aborted",
    ]
) | {"", "%"}
"""Values that are CCC's own words; every other text may be somebody's."""
_OWN_KEYS = ("Code", "RequestId")
_LEFT_OUT = ("Message", "RequestId", "HostId", "Recommend")
_LARGEST = 100_000
"""Above it an integer may be a number, a time or an account."""


@dataclass(slots=True)
class Recorder:
    """Writes calls down with a stand-in for each text that is not CCC's own word; equal texts have equal ones."""

    _stand_ins: dict[str, str] = field(default_factory=dict)

    def call(
        self,
        action: str,
        sent: Mapping[str, object],
        status: int | None,
        code: str,
        answer: Mapping[str, object],
    ) -> dict[str, object]:
        """One call as it is recorded: the operation's own parameters, HTTP's status, CCC's code and the answer's body."""
        return {
            "action": action,
            "sent": self._scrubbed(sent),
            "status": status,
            "code": code,
            "answered": self._scrubbed(
                {name: value for name, value in answer.items() if name not in _LEFT_OUT}
            ),
        }

    def _scrubbed(self, value: object) -> object:
        if isinstance(value, Mapping):
            return {name: each if name in _OWN_KEYS else self._scrubbed(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._scrubbed(each) for each in value]
        if isinstance(value, str) and value not in _WORDS:
            return self._stand_ins.setdefault(value, f"text-{len(self._stand_ins) + 1}")
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST:
            return 0
        return value
