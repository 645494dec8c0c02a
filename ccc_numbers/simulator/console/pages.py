"""The console's routes: each page is read or done, and shown. After a change the browser is sent on (303)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ccc_numbers.simulator.console import looking
from ccc_numbers.simulator.console.acting import Done, Operator, Wish
from ccc_numbers.simulator.console.frame import Frame, Handler, Missing, Note
from ccc_numbers.simulator.console.importing import support_import
from ccc_numbers.simulator.console.words import some
from ccc_numbers.simulator.errors import Refused
from ccc_numbers.simulator.forms import FormError
from ccc_numbers.simulator.gateway import Gateway
from ccc_numbers.simulator.records import Instance


def console_app(gateway: Gateway) -> Starlette:
    """All pages of one simulator's console."""
    frame = Frame()
    console = _Pages(gateway, Operator(gateway), frame)
    paths: list[tuple[str, Handler, str]] = [
        ("/", console.home, "GET"),
        ("/console", console.home, "GET"),
        ("/console.css", console.sheet, "GET"),
        ("/unassigned", console.unassigned, "GET"),
        ("/import", console.support, "POST"),
        ("/instances/{instance}", console.instance, "GET"),
        ("/instances/{instance}/remove", console.remove, "POST"),
        ("/instances/{instance}/add", console.choose, "GET"),
        ("/instances/{instance}/add", console.add, "POST"),
        ("/instances/{instance}/numbers/{number}", console.number, "GET"),
        ("/instances/{instance}/numbers/{number}", console.bind, "POST"),
    ]
    routes = [Route(path, frame.guarded(handler), methods=[method]) for path, handler, method in paths]
    routes.append(Route("/{rest:path}", frame.guarded(console.nowhere)))
    return Starlette(routes=routes)


@dataclass(frozen=True, slots=True)
class _Pages:
    gateway: Gateway
    operator: Operator
    frame: Frame

    # --- pages to look at

    async def home(self, request: Request) -> Response:
        with self.gateway.store.read() as db:
            listing = looking.instances(db, _page_number(request))
            free = looking.unassigned(db, None, "", 1).total
        return self.frame.page(request, "home.html.j2", listing=listing, free=free)

    async def sheet(self, request: Request) -> Response:
        text = resources.files("ccc_numbers.simulator.console").joinpath("console.css").read_text("utf-8")
        return Response(text, media_type="text/css", headers={"Cache-Control": "no-cache"})

    async def instance(self, request: Request) -> Response:
        return self._instance_page(request)

    async def unassigned(self, request: Request) -> Response:
        return self._unassigned_page(request)

    async def choose(self, request: Request) -> Response:
        return self._add_page(request)

    async def number(self, request: Request) -> Response:
        return self._number_page(request)

    async def nowhere(self, request: Request) -> Response:
        raise Missing("The console has no such page.")

    # --- things to do

    async def support(self, request: Request) -> Response:
        form = await request.form()
        account = _text(form, "account") or self._accounts()[0]
        try:
            named, new = support_import(
                self.gateway.store,
                _text(form, "numbers"),
                account,
                provider=_text(form, "provider"),
                province=_text(form, "province"),
                city=_text(form, "city"),
            )
        except FormError as error:
            return self._unassigned_page(request, 400, problems=error.problems, typed=form)
        if not named:
            return self._unassigned_page(request, 400, problems=["Write at least one number."], typed=form)
        was = f"; {named - new} {'was' if named - new == 1 else 'were'} there already" if named > new else ""
        return self.frame.sent_on("/console/unassigned", Note(True, f"{_numbers(new)} imported{was}."))

    async def add(self, request: Request) -> Response:
        instance = self._instance(request)
        form = await request.form()
        chosen = _texts(form, "number")
        if not chosen:
            return self._add_page(request, 400, problems=["Choose at least one number."], typed=form)
        try:
            outcome = self.operator.add(instance, chosen, _wish(form))
        except Refused as error:
            return self._add_page(request, error.status, refused=error, typed=form)
        return self.frame.sent_on(_path(instance), *_added(instance, outcome))

    async def remove(self, request: Request) -> Response:
        instance = self._instance(request)
        form = await request.form()
        chosen = _texts(form, "number")
        if not chosen:
            return self._instance_page(request, 400, problems=["Choose at least one number."])
        try:
            outcome = self.operator.remove(instance, chosen, force=_text(form, "force") == "true")
        except Refused as error:
            return self._instance_page(request, error.status, refused=error)
        return self.frame.sent_on(_path(instance), *_removed(instance, outcome))

    async def bind(self, request: Request) -> Response:
        instance = self._instance(request)
        form = await request.form()
        with self.gateway.store.read() as db:
            number = looking.number(db, instance, request.path_params["number"])
        if number is None:
            raise Missing(_not_here(request.path_params["number"], instance))
        try:
            changed = self.operator.bind(instance, number, _wish(form))
        except Refused as error:
            return self._number_page(request, error.status, refused=error, typed=form)
        what = f"{number.number} is bound as wished." if changed else f"{number.number} was so already."
        return self.frame.sent_on(_path(instance), Note(True, what))

    # --- how they look

    def _instance_page(
        self,
        request: Request,
        status: int = 200,
        refused: Refused | None = None,
        problems: Sequence[str] = (),
    ) -> Response:
        instance = self._instance(request)
        with self.gateway.store.read() as db:
            listing = looking.numbers(db, instance, _query(request), _page_number(request))
            choices = looking.choices(db, instance)
        return self.frame.page(
            request,
            "instance.html.j2",
            status,
            instance=instance,
            listing=listing,
            choices=choices,
            refused=refused,
            problems=problems,
        )

    def _unassigned_page(
        self,
        request: Request,
        status: int = 200,
        problems: Sequence[str] = (),
        typed: FormData | None = None,
    ) -> Response:
        accounts = self._accounts()
        with self.gateway.store.read() as db:
            listing = looking.unassigned(db, None, _query(request), _page_number(request))
            instances = looking.instances(db, 1)
        return self.frame.page(
            request,
            "unassigned.html.j2",
            status,
            listing=listing,
            instances=instances,
            accounts=accounts,
            problems=problems,
            typed=typed or FormData(),
        )

    def _add_page(
        self,
        request: Request,
        status: int = 200,
        refused: Refused | None = None,
        problems: Sequence[str] = (),
        typed: FormData | None = None,
    ) -> Response:
        instance = self._instance(request)
        with self.gateway.store.read() as db:
            listing = looking.unassigned(db, instance.account, _query(request), _page_number(request))
            choices = looking.choices(db, instance)
        given = _texts(typed, "number") if typed else request.query_params.getlist("number")
        return self.frame.page(
            request,
            "add.html.j2",
            status,
            instance=instance,
            listing=listing,
            choices=choices,
            chosen=given,
            wish=_wish(typed) if typed else None,
            refused=refused,
            problems=problems,
        )

    def _number_page(
        self,
        request: Request,
        status: int = 200,
        refused: Refused | None = None,
        typed: FormData | None = None,
    ) -> Response:
        instance, text = self._instance(request), request.path_params["number"]
        with self.gateway.store.read() as db:
            number = looking.number(db, instance, text)
            if number is None:
                raise Missing(_not_here(text, instance))
            bound = tuple(looking.groups_of(db, text))
            choices = looking.choices(db, instance)
        now = Wish(number.usage or "", number.contact_flow or "", bound)
        return self.frame.page(
            request,
            "number.html.j2",
            status,
            instance=instance,
            number=number,
            choices=choices,
            wish=_wish(typed) if typed else now,
            refused=refused,
            problems=(),
        )

    def _instance(self, request: Request) -> Instance:
        with self.gateway.store.read() as db:
            found = looking.instance(db, request.path_params["instance"])
        if found is None:
            raise Missing(f"There is no instance {request.path_params['instance']}.")
        return found

    def _accounts(self) -> list[str]:
        with self.gateway.store.read() as db:
            return looking.accounts(db)


def _added(instance: Instance, outcome: Done) -> Iterator[Note]:
    if outcome.done:
        yield Note(True, f"Added to {instance.id}: {some(outcome.done)}.")
    if outcome.failed:
        yield Note(False, f"CCC answered these as failed, they were not added: {some(outcome.failed)}.")


def _removed(instance: Instance, outcome: Done) -> Iterator[Note]:
    if outcome.done:
        yield Note(True, f"Taken out of {instance.id}, unassigned again: {some(outcome.done)}.")
    if outcome.failed:
        hint = "A number that is bound goes only with “even if bound”."
        yield Note(False, f"CCC answered these as failed, they stay: {some(outcome.failed)}. {hint}")


def _wish(form: FormData) -> Wish:
    return Wish(_text(form, "usage"), _text(form, "flow"), tuple(_texts(form, "group")))


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _query(request: Request) -> str:
    return request.query_params.get("q", "").strip()


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _texts(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]


def _path(instance: Instance) -> str:
    return f"/console/instances/{quote(instance.id)}"


def _not_here(number: str, instance: Instance) -> str:
    return f"The number {number} is not in {instance.id}."


def _numbers(count: int) -> str:
    return "1 number" if count == 1 else f"{count:,} numbers"
