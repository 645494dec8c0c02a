"""Calls between their documented form and the store."""

from collections.abc import Iterable, Iterator
from sqlite3 import Connection

from ccc_numbers.simulator.forms import parse, validate
from ccc_numbers.simulator.mistakes import Mistake, nearest
from ccc_numbers.simulator.records import CallRecord, insert_new
from ccc_numbers.simulator.state import CallForm, CallsForm

# In these calls the line stands between two others: it calls both.
_BETWEEN = ("BACK2BACK", "PRIVACY_DIAL")


def read_calls(text: str, name: str) -> CallsForm:
    """Calls from YAML or JSON; Mistake lists everything that is wrong."""
    return validate(CallsForm, parse(text, name))


def add_calls(db: Connection, form: CallsForm) -> None:
    """Let the calls take place. Mistake for an instance there is not."""
    known = [name for (name,) in db.execute("SELECT id FROM instance")]
    for instance, calls in form.calls.items():
        if instance not in known:
            raise Mistake(f"calls.{instance}: does not exist{nearest(instance, known)}")
        put_calls(db, instance, calls)


def put_calls(db: Connection, instance: str, calls: Iterable[CallForm]) -> None:
    """The records of these calls, each `count` times."""
    insert_new(db, CallRecord, (record for form in calls for record in _records(instance, form)))


def _records(instance: str, form: CallForm) -> Iterator[CallRecord]:
    inbound, between = form.type == "INBOUND", form.type in _BETWEEN
    calling = form.other if inbound else None if between else form.number
    called = form.number if inbound else form.other
    broker = form.number if between else None
    more = (form.talk, form.disposition, form.early_media, form.agent)
    for index in range(form.count):
        yield CallRecord(
            None, instance, form.type, calling, called, broker, form.at + index * form.every, *more
        )


def written_call(record: CallRecord) -> dict[str, object]:
    """What a record has under other names than its form."""
    line = record.called if record.type == "INBOUND" else record.broker or record.calling
    other = record.calling if record.type == "INBOUND" else record.called
    return {"at": record.began, "number": line, "other": other, "count": 1, "every": 60_000}
