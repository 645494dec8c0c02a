"""The engine's events of one stack, reduced to its changes, errors, warnings and the step under way."""

import json
import re
import threading
from collections.abc import Mapping
from time import monotonic

from pulumi.automation.events import DiagnosticEvent, EngineEvent, StepEventMetadata, StepEventStateMetadata

from ccc_numbers.fleet.engine.changes import GUARDS, Change, Field, Foreseen, with_effects
from ccc_numbers.fleet.engine.pulumi import clean_lines
from ccc_numbers.fleet.engine.resources import ROSTER, is_bookkeeping, short_type, urn_name

_QUIET = frozenset({"same", "refresh", "read", "discard-replaced", "remove-pending-replace"})
# Of a replacement's three steps, `replace` shows both sides; one that an earlier run left behind is a delete alone.
_PARTS = frozenset({"create-replacement", "delete-replaced"})
_LONGEST_VALUE = 80


class EventLog:
    """Takes the events of one stack, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changes: dict[str, Change] = {}
        self._foreseen = Foreseen()
        self._said: dict[str, dict[str, None]] = {"error": {}, "warning": {}}
        self.step = "starting"
        """The step under way; one without events (selecting, comparing) is set from outside."""
        self._began = monotonic()

    def take(self, event: EngineEvent) -> None:
        with self._lock:
            if event.resource_pre_event:
                self._begin(event.resource_pre_event.metadata)
            elif event.res_outputs_event:
                self._foresee(event.res_outputs_event.metadata)
            elif event.diagnostic_event:
                self._say(event.diagnostic_event)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Guards first, then by kind and name."""
        with self._lock:
            return with_effects(self._changes.values(), self._foreseen)

    @property
    def errors(self) -> tuple[str, ...]:
        """One line each, none twice, none that only says that there were others."""
        with self._lock:
            return tuple(self._said["error"])

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line each, none twice."""
        with self._lock:
            return tuple(self._said["warning"])

    @property
    def seconds(self) -> float:
        return monotonic() - self._began

    def _begin(self, step: StepEventMetadata) -> None:
        name, op = urn_name(step.urn), str(step.op.value)
        if op == "refresh":
            self.step = "looking at CCC"
        if step.type == ROSTER:
            self._guard(step, op)
        if is_bookkeeping(step.type) or op in _QUIET:
            return
        if op not in _PARTS or (step.urn not in self._changes and op == "delete-replaced"):
            self._changes[step.urn] = Change(name, short_type(step.type), op, _fields(step, op))
        self.step = f"{op} {name}"

    def _guard(self, step: StepEventMetadata, op: str) -> None:
        """Note a change of a roster's guards, or that its instance is given up."""
        old, new = _inputs(step.old), _inputs(step.new)
        instance = str((new or old).get("instanceId", ""))
        if op == "delete":
            self._foreseen.give_up(instance, old.get("numbers"))
            return
        fields = tuple(each for each in _fields(step, op) if each.name in GUARDS)
        if op == "update" and fields:
            self._changes[step.urn] = Change(instance, short_type(ROSTER), op, fields)

    def _foresee(self, step: StepEventMetadata) -> None:
        said = step.new.outputs if step.new and step.type == ROSTER else None
        if isinstance(said, Mapping) and isinstance(foreseen := said.get("foreseen"), Mapping):
            self._foreseen.add_roster(str(said.get("instanceId")), foreseen)

    def _say(self, event: DiagnosticEvent) -> None:
        if not event.ephemeral and event.severity in self._said:
            self._said[event.severity] |= dict.fromkeys(clean_lines(event.message))


def _fields(step: StepEventMetadata, op: str) -> tuple[Field, ...]:
    if op == "delete":
        return ()
    old = _shortened(_mapping(step.old.outputs if step.old else None) or _inputs(step.old))
    new = _shortened(_inputs(step.new))
    if op in ("create", "import"):
        return tuple(Field(key, None, value) for key, value in sorted(new.items()) if key not in _IMPLIED)
    keys = sorted({re.split(r"[.\[]", path, maxsplit=1)[0] for path in step.detailed_diff or {}})
    fields = tuple(Field(key, old.get(key), new.get(key)) for key in keys)
    return tuple(each for each in fields if each.before != each.after) or fields


# The name of a new number and its stack say these already.
_IMPLIED = frozenset({"number", "__defaults"})


def _shortened(properties: Mapping[str, object]) -> dict[str, str]:
    return {str(key): _short(value) for key, value in properties.items()}


def _inputs(state: StepEventStateMetadata | None) -> Mapping[str, object]:
    return _mapping(state.inputs if state else None)


def _mapping(found: object) -> Mapping[str, object]:
    return found if isinstance(found, Mapping) else {}


def _short(value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        text = ", ".join(value)
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
