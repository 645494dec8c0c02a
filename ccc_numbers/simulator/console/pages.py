"""The console's pages and what can be done on them. After a change the browser is sent on (303)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from sqlite3 import Connection
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ccc_numbers.simulator.console import acting, looking
from ccc_numbers.simulator.console.acting import Binding
from ccc_numbers.simulator.console.frame import Endpoint, Frame, Missing, Note, some
from ccc_numbers.simulator.errors import Refused
from ccc_numbers.simulator.gateway import Gateway
from ccc_numbers.simulator.language import tr, trn
from ccc_numbers.simulator.mistakes import Mistake
from ccc_numbers.simulator.records import Instance, Number, find, groups_of


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a page, and the form it sent (empty for a look)."""

    gateway: Gateway
    request: Request
    form: FormData

    @property
    def query(self) -> str:
        return self.request.query_params.get("q", "").strip()

    @property
    def page(self) -> int:
        text = self.request.query_params.get("page", "1")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1

    def text(self, name: str) -> str:
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    @property
    def chosen(self) -> list[str]:
        """The numbers that were chosen; Mistake when there are none."""
        if not (chosen := self.texts("number")):
            raise Mistake(tr("Choose at least one number."))
        return chosen

    @property
    def binding(self) -> Binding:
        return Binding(self.text("usage"), self.text("flow"), self.texts("group"))

    def instance(self, db: Connection) -> Instance:
        """The instance of the path; Missing when it is gone."""
        name = self.request.path_params["instance"]
        if (found := find(db, Instance, name)) is None:
            raise Missing(tr("There is no instance {name}.", name=name))
        return found

    def number(self, db: Connection) -> tuple[Instance, Number, list[str]]:
        """The number of the path and the ids of its skill groups; Missing when it is not in the instance."""
        instance, text = self.instance(db), self.request.path_params["number"]
        found = find(db, Number, text)
        if found is None or found.instance != instance.id:
            raise Missing(tr("The number {number} is not in {instance}.", number=text, instance=instance.id))
        return instance, found, [group.id for group in groups_of(db, [text])[text]]


Page = Callable[[Connection, Visit], dict[str, object]]
"""Reads what a page's template shows."""
Action = Callable[[Visit], tuple[str, Sequence[Note]]]
"""Makes a change; the path of the page to go on to, and its notes. Raises Refused or Mistake."""


# --- pages to look at


def home(db: Connection, visit: Visit) -> dict[str, object]:
    return {"listing": looking.instances(db, visit.page), "free": looking.unassigned(db, None, "", 1).total}


def unassigned(db: Connection, visit: Visit) -> dict[str, object]:
    return {
        "listing": looking.unassigned(db, None, visit.query, visit.page),
        "instances": looking.instances(db, 1),
        "accounts": looking.accounts(db),
        "typed": visit.form,
    }


def instance(db: Connection, visit: Visit) -> dict[str, object]:
    found = visit.instance(db)
    listing = looking.numbers(db, found, visit.query, visit.page)
    return {"instance": found, "listing": listing, "choices": looking.choices(db, found)}


def add(db: Connection, visit: Visit) -> dict[str, object]:
    found = visit.instance(db)
    return {
        "instance": found,
        "listing": looking.unassigned(db, found.account, visit.query, visit.page),
        "choices": looking.choices(db, found),
        "chosen": visit.texts("number") if visit.form else visit.request.query_params.getlist("number"),
        "binding": visit.binding if visit.form else Binding("Bidirection", "", ()),
    }


def number(db: Connection, visit: Visit) -> dict[str, object]:
    found, record, groups = visit.number(db)
    now = Binding(record.usage or "", record.contact_flow or "", groups)
    return {
        "instance": found,
        "number": record,
        "choices": looking.choices(db, found),
        "binding": visit.binding if visit.form else now,
    }


# --- changes


def import_numbers(visit: Visit) -> tuple[str, Sequence[Note]]:
    store = visit.gateway.store
    with store.read() as db:
        account = visit.text("account") or looking.accounts(db)[0]
    origin = {name: visit.text(name) for name in ("provider", "province", "city")}
    named, new = acting.support_import(store, visit.text("numbers"), account=account, **origin)
    said = trn("{count:,} number imported.", "{count:,} numbers imported.", new)
    if was := named - new:
        there = trn("{count:,} was there already.", "{count:,} were there already.", was)
        said = tr("{imported} {there}", imported=said, there=there)
    return "/console/unassigned", [Note(True, said)]


def add_numbers(visit: Visit) -> tuple[str, Sequence[Note]]:
    with visit.gateway.store.read() as db:
        found = visit.instance(db)
    added, failed = acting.add(visit.gateway, found, visit.chosen, visit.binding)
    done = tr("Added to {instance}: {numbers}.", instance=found.id, numbers=some(added))
    failure = tr("CCC did not add: {numbers}.", numbers=some(failed))
    return _path(found), list(_notes(done if added else "", failure if failed else ""))


def remove_numbers(visit: Visit) -> tuple[str, Sequence[Note]]:
    with visit.gateway.store.read() as db:
        found = visit.instance(db)
    force = visit.text("force") == "true"
    removed, failed = acting.remove(visit.gateway, found, visit.chosen, force=force)
    done = tr(
        "Removed from {instance}, unassigned again: {numbers}.", instance=found.id, numbers=some(removed)
    )
    failure = tr(
        "CCC did not remove: {numbers}. A number that is bound is removed only with “even if bound”.",
        numbers=some(failed),
    )
    return _path(found), list(_notes(done if removed else "", failure if failed else ""))


def bind_number(visit: Visit) -> tuple[str, Sequence[Note]]:
    with visit.gateway.store.read() as db:
        found, record, groups = visit.number(db)
    changed = acting.bind(visit.gateway, found, record, groups, visit.binding)
    said = tr("{number} updated.", number=record.number)
    if not changed:
        said = tr("{number} needed no change.", number=record.number)
    return _path(found), [Note(True, said)]


def _path(instance: Instance) -> str:
    return f"/console/instances/{quote(instance.id)}"


def _notes(done: str, failure: str) -> Iterator[Note]:
    if done:
        yield Note(True, done)
    if failure:
        yield Note(False, failure)


# --- routes


_ROUTES: list[tuple[str, str, Page, Action | None]] = [
    ("/", "home", home, None),
    ("/console", "home", home, None),
    ("/unassigned", "unassigned", unassigned, None),
    ("/import", "unassigned", unassigned, import_numbers),
    ("/instances/{instance}", "instance", instance, None),
    ("/instances/{instance}/remove", "instance", instance, remove_numbers),
    ("/instances/{instance}/add", "add", add, None),
    ("/instances/{instance}/add", "add", add, add_numbers),
    ("/instances/{instance}/numbers/{number}", "number", number, None),
    ("/instances/{instance}/numbers/{number}", "number", number, bind_number),
]
"""Path, template, the page at it, and the change that a form sent to it makes."""


def console_app(gateway: Gateway) -> Starlette:
    """All pages of one simulator's console."""
    frame = Frame()
    routes = [
        Route(
            path,
            frame.guarded(_endpoint(frame, gateway, template, page, action)),
            methods=["POST" if action else "GET"],
        )
        for path, template, page, action in _ROUTES
    ]
    sheet = Route("/console.css", frame.guarded(_sheet))
    return Starlette(routes=[*routes, sheet, Route("/{rest:path}", frame.guarded(_nowhere))])


def _endpoint(frame: Frame, gateway: Gateway, template: str, page: Page, action: Action | None) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        form = await request.form() if action else FormData()
        visit = Visit(gateway, request, form)
        status = 200
        refused: Refused | None = None
        problems: Sequence[str] = ()
        if action:
            try:
                path, notes = action(visit)
                return frame.sent_on(path, *notes)
            except Refused as refusal:
                status, refused = refusal.status, refusal
            except Mistake as mistake:
                status, problems = 400, mistake.problems
        with gateway.store.read() as db:
            values = page(db, visit)
        return frame.page(
            request, f"{template}.html.j2", status, refused=refused, problems=problems, **values
        )

    return endpoint


async def _sheet(request: Request) -> Response:
    text = resources.files("ccc_numbers.simulator.console").joinpath("console.css").read_text("utf-8")
    return Response(text, media_type="text/css", headers={"Cache-Control": "no-cache"})


async def _nowhere(request: Request) -> Response:
    raise Missing(tr("The console has no such page."))
