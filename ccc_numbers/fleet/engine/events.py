"""The engine's events of one stack, reduced to its changes, what was seen, errors, warnings and the step under way."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import replace
from time import monotonic

from pulumi.automation.events import DiagnosticEvent, EngineEvent, StepEventMetadata, StepEventStateMetadata

from ccc_numbers.fleet.engine.changes import (
    GUARDS,
    SETTINGS,
    Change,
    Effect,
    Field,
    Foreseen,
    SeenInstance,
    texts,
    with_effects,
)
from ccc_numbers.fleet.engine.pulumi import clean_lines
from ccc_numbers.fleet.engine.resources import (
    LATCH,
    NUMBER,
    PROVIDER,
    ROSTER,
    is_bookkeeping,
    short_type,
    urn_name,
)
from ccc_numbers.messages.language import tr, trn
from ccc_numbers.messages.names import some

_QUIET = frozenset({"same", "refresh", "read", "discard-replaced", "remove-pending-replace"})
# Of a replacement's three steps, `replace` shows both sides; one that an earlier run left behind is a delete alone.
_PARTS = frozenset({"create-replacement", "delete-replaced"})
_LONGEST_VALUE = 80
_NAMED = 6
# Numbers of a roster that are not removed with their instance: they stay, or are not in it.
_NOT_THERE = ("kept", "pending", "gone", "missing")


class EventLog:
    """Takes the events of one stack, from any thread. `planned` is the log of the plan that is carried out."""

    def __init__(self, planned: "EventLog | None" = None) -> None:
        self._lock = threading.Lock()
        self._changes: dict[str, Change] = {}
        self._foreseen = Foreseen()
        self._seen: dict[str, SeenInstance] = {}
        self._looked: set[str] = set()
        self._done: set[tuple[str, str]] = set()
        self._left: dict[str, frozenset[str]] = {}
        self._said: dict[str, dict[str, dict[str, None]]] = {"error": {}, "warning": {}}
        self._planned = planned
        self.protected: tuple[str, ...] = ()
        """Protected latches that this run would delete."""
        self.step = tr("starting")
        """The step under way; one without events (selecting, comparing) is set from outside."""
        self._began = monotonic()

    def take(self, event: EngineEvent) -> None:
        with self._lock:
            if event.resource_pre_event:
                self._begin(event.resource_pre_event.metadata)
            elif event.res_outputs_event:
                self._end(event.res_outputs_event.metadata)
            elif event.res_op_failed_event:
                self._fail(event.res_op_failed_event.metadata)
            elif event.diagnostic_event:
                self._say(event.diagnostic_event)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Guards first, then by kind and name. Of an update, those that were planned, each with whether it is done."""
        with self._lock:
            if self._planned is None:
                return with_effects(self._changes.values(), self._foreseen)
            by_latch = self._planned.foreseen.remove
            return tuple(replace(each, done=self._is_done(each, by_latch)) for each in self._planned.changes)

    @property
    def foreseen(self) -> Foreseen:
        """What the provider has said so far of what is going to happen."""
        return self._foreseen

    @property
    def instances(self) -> tuple[SeenInstance, ...]:
        """Every instance of the stack, as far as the engine has come to it."""
        with self._lock:
            return tuple(self._seen[each] for each in sorted(self._seen))

    @property
    def errors(self) -> tuple[str, ...]:
        """One line each, one for all numbers that meet the same, none that only says that there were others."""
        return self._lines("error")

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line each, one for all numbers that meet the same."""
        return self._lines("warning")

    @property
    def seconds(self) -> float:
        return monotonic() - self._began

    def _begin(self, step: StepEventMetadata) -> None:
        name, op = urn_name(step.urn), str(step.op.value)
        if op == "refresh":
            self.step = tr("looking at CCC")
        if step.type == ROSTER:
            self._guard(step, op)
        if step.type == LATCH and op == "delete" and step.old and step.old.protect:
            self.protected = (*self.protected, _instance(step))
        if step.type == PROVIDER and op == "update":
            self._settings(step, name)
        if is_bookkeeping(step.type) or op in _QUIET:
            return
        if op not in _PARTS or (step.urn not in self._changes and op == "delete-replaced"):
            self._changes[step.urn] = Change(
                name,
                short_type(step.type),
                op,
                _fields(step, op),
                leaves=_leaves(step) if op == "delete" else None,
                instance=_instance(step) or None,
            )
        self.step = f"{op} {name}"

    def _guard(self, step: StepEventMetadata, op: str) -> None:
        """Note a roster's instance, a change of its guards, or that it is given up."""
        instance = _instance(step)
        numbers = (_inputs(step.new) or _inputs(step.old)).get("numbers")
        self._seen.setdefault(instance, SeenInstance(instance, len(texts(numbers)), looked=False))
        if op == "delete":
            old = _mapping(step.old.outputs if step.old else None) or _inputs(step.old)
            stay = {each for key in _NOT_THERE for each in texts(old.get(key))}
            self._foreseen.give_up(instance, old.get("numbers"), stay)
            return
        fields = tuple(each for each in _fields(step, op) if each.name in GUARDS)
        if op == "update" and fields:
            kind = short_type(ROSTER)
            self._changes[step.urn] = Change(instance, kind, op, fields, instance=instance)

    def _settings(self, step: StepEventMetadata, name: str) -> None:
        """Note that the stack leads to another place or account, or goes there as somebody else."""
        old, new = (_shortened(_inputs(side)) for side in (step.old, step.new))
        fields = tuple(
            Field(key, old.get(key), new.get(key)) for key in SETTINGS if old.get(key) != new.get(key)
        )
        if fields:
            self._changes[step.urn] = Change(name, short_type(PROVIDER), "update", fields)

    def _end(self, step: StepEventMetadata) -> None:
        """Take what the provider answered."""
        op, said = str(step.op.value), _mapping(step.new.outputs if step.new else None)
        if step.type == ROSTER:
            self._see(step, op, said)
        if step.type == NUMBER and said.get("status") == "pending":
            waits = self._foreseen.imports if said.get("importAsked") else self._foreseen.wait
            waits.add(urn_name(step.urn))
        if op not in _QUIET:
            name = _instance(step) if step.type in (ROSTER, LATCH) else urn_name(step.urn)
            self._done.add((short_type(step.type), name))
            if self._planned is not None:
                self.step = tr(
                    "{done:,} of {all:,}: {op} {name}",
                    done=len(self._done),
                    all=len(self._planned.changes),
                    op=op,
                    name=name,
                )

    def _fail(self, step: StepEventMetadata) -> None:
        """A latch that has removed some of its numbers says which it has not."""
        said = _mapping(step.new.outputs if step.new else None)
        if step.type == LATCH and "numbers" in said:
            self._left[_instance(step)] = frozenset(texts(said["numbers"]))

    def _see(self, step: StepEventMetadata, op: str, said: Mapping[str, object]) -> None:
        """The instance of a roster, as a look, a preview or an update found it."""
        instance = _instance(step)
        if op == "refresh":
            self._looked.add(instance)
        if isinstance(foreseen := said.get("foreseen"), Mapping):
            self._foreseen.add_roster(instance, foreseen)
        if "status" not in said or op == "delete":
            return
        # A look leaves the inputs as they were declared last; what the program says comes with the step after it.
        declared = _inputs(step.new).get("numbers") or said.get("numbers")
        self._seen[instance] = SeenInstance(
            instance,
            len(texts(declared)),
            instance in self._looked or op in ("create", "update"),
            texts(said.get("pending")),
            texts(said.get("unmanaged")),
        )

    def _is_done(self, change: Change, by_latch: Mapping[str, str]) -> bool:
        if change.effect is Effect.REMOVE and change.is_number and change.name in by_latch:
            instance = by_latch[change.name]
            left = self._left.get(instance)
            return (short_type(LATCH), instance) in self._done or (
                left is not None and change.name not in left
            )
        return (change.kind, change.name) in self._done

    def _say(self, event: DiagnosticEvent) -> None:
        if event.ephemeral or event.severity not in self._said:
            return
        name = urn_name(event.urn or "")
        for line in clean_lines(event.message):
            same = line.replace(name, "\0") if name.isdecimal() else line
            self._said[event.severity].setdefault(same, {})[name] = None

    def _lines(self, severity: str) -> tuple[str, ...]:
        with self._lock:
            return tuple(_of_many(text, sorted(names)) for text, names in self._said[severity].items())


def _of_many(text: str, names: list[str]) -> str:
    """A message of one number, and how many others have the same."""
    line = text.replace("\0", names[0])
    numbers = [name for name in names[1:] if name.isdecimal()]
    if not numbers:
        return line
    return trn(
        "{line}; the same of {count:,} other number: {numbers}",
        "{line}; the same of {count:,} other numbers: {numbers}",
        len(numbers),
        line=line,
        numbers=some(numbers, _NAMED),
    )


def _fields(step: StepEventMetadata, op: str) -> tuple[Field, ...]:
    if op == "delete":
        return ()
    old = _shortened(_mapping(step.old.outputs if step.old else None) or _inputs(step.old))
    new = _shortened(_inputs(step.new))
    if op in ("create", "import"):
        return tuple(Field(key, None, value) for key, value in sorted(new.items()) if key not in _IMPLIED)
    keys = sorted({re.split(r"[.\[]", path, maxsplit=1)[0] for path in step.detailed_diff or {}})
    fields = [Field(key, old.get(key, ""), new.get(key)) for key in keys]
    if step.old and step.new:
        lists = {key: _list_field(key, step.old, step.new) for key in keys}
        fields = [lists[each.name] or each for each in fields]
    return tuple(each for each in fields if each.before != each.after) or tuple(fields)


# The name of a new number, its place in the plan and its stack say these already.
_IMPLIED = frozenset({"number", "instanceId", "__defaults"})


def _list_field(key: str, old: StepEventStateMetadata, new: StepEventStateMetadata) -> Field | None:
    """How a long list differs: what it loses and gains, not the whole of it twice."""
    before, after = texts(_inputs(old).get(key)), texts(_inputs(new).get(key))
    if len(", ".join(before)) <= _LONGEST_VALUE and len(", ".join(after)) <= _LONGEST_VALUE:
        return None
    lost, gained = (
        [each for each in one if each not in other] for one, other in ((before, after), (after, before))
    )
    # Plans keep it: signs, and no words.
    said = [
        f"{sign}{len(names)} ({', '.join(names[:_NAMED])}{', …' if len(names) > _NAMED else ''})"
        for sign, names in (("-", lost), ("+", gained))
        if names
    ]
    return Field(key, None, " ".join(said)) if said else None


def _instance(step: StepEventMetadata) -> str:
    """The instance that a number, flow or group is in, or that a roster or latch is of; "" for anything else."""
    sides = (_inputs(step.new), _mapping(step.new.outputs if step.new else None), _inputs(step.old))
    return next((str(side["instanceId"]) for side in sides if side.get("instanceId")), "")


def _leaves(step: StepEventMetadata) -> str | None:
    """The instance that a number is removed from by its own Delete, as a program without a roster may ask."""
    old = _mapping(step.old.outputs if step.old else None)
    return _instance(step) if old.get("removeOnDelete") is True and not old.get("keepOnRemoval") else None


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
