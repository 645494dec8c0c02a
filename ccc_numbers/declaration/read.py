"""Reads a stack file into a declaration; nothing else does."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from ccc_numbers.declaration.grammar import AccessShape, GranteesShape, IdentityProviderShape, StackShape
from ccc_numbers.declaration.instances import Reader
from ccc_numbers.declaration.model import Declaration, Loaded, Purpose
from ccc_numbers.declaration.names import discover
from ccc_numbers.declaration.orders import read_order
from ccc_numbers.declaration.overrides import OverridesReader
from ccc_numbers.declaration.shape import Shaped, shape
from ccc_numbers.declaration.stack import StackFile, stack_file
from ccc_numbers.messages.files import named_file, read_text
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.messages.problem import Problem, first_of_each_kind, shown
from ccc_numbers.messages.yaml_document import Document
from ccc_numbers.messages.yaml_reader import read_yaml

_HIDING = frozenset({"number", "csv", "file"})
"""Rules of problems behind which numbers may hide."""


def load(path: Path) -> Loaded:
    """Read a stack file and all it refers to. Never raises for their content; see `Loaded`.

    The first hundred problems of each kind are there, the others counted.
    """
    text = read_text(path)
    if isinstance(text, Problem):
        return Loaded(None, (text,), Declaration(path, {}, {}))
    loaded = load_text(text, path)
    return replace(loaded, problems=tuple(first_of_each_kind(loaded.problems)))


def load_text(text: str, path: Path) -> Loaded:
    """The same from text; `path` names it, and the files it refers to are beside that."""
    return read(read_yaml(text, shown(path)), path)


def read(document: Document, path: Path, *, orders_elsewhere: bool = False) -> Loaded:
    """The same of a document. `orders_elsewhere`: numbers may name orders that it does not declare."""
    sound = _read(document, shape(document), path, orders_elsewhere=orders_elsewhere)
    problems = tuple(_in_order(document))
    return Loaded(None if problems else sound, problems, sound)


def _read(document: Document, shaped: Shaped, path: Path, *, orders_elsewhere: bool) -> Declaration:
    folder, stack = path.parent, shaped.stack
    orders = {}
    for key, order in stack.orders.items():
        read = read_order(document, folder, key, order)
        if read is not None and ("orders", key) not in shaped.touched:
            orders[key] = read
    reader = Reader(document, shaped, folder)
    known = None if orders_elsewhere else _known_orders(document, shaped)
    instances = {id: reader.instance(id, each, known) for id, each in stack.instances.items()}
    if not stack.instances and not stack.orders and not stack.access and not document.problems:
        document.report((), tr("declares nothing; a stack file begins with `instances:`"), "shape")
    lost = any(each[:1] == ("instances",) for each in shaped.touched)
    whole = bool(instances) and not lost and all(each.rule not in _HIDING for each in document.problems)
    overrides = OverridesReader(document, instances, reader.seen, whole).read(stack.overrides)
    written = stack.catalogue
    catalogue = None if written is None else named_file(document, ("catalogue",), written, folder)
    access = stack.access or AccessShape()
    granted = {purpose: getattr(access, purpose) for purpose in Purpose if purpose in access.model_fields_set}
    for purpose, who in granted.items():
        _check_trust(document, purpose, who, access.identity_provider)
    if provider := access.identity_provider:
        _check_audiences(document, granted, provider)
    return Declaration(path, instances, orders, catalogue, granted, access.identity_provider, overrides)


def _check_trust(
    document: Document, purpose: Purpose, who: GranteesShape, provider: IdentityProviderShape | None
) -> None:
    loc = ("access", purpose.value, "trusts")
    if who.trusts and not who.roles:
        message = tr("names who may become a role, and there are no roles; add `roles: [ccc-deploy]`")
        document.report(loc, message, "trust")
    if who.subjects and provider is None:
        message = tr(
            "trusts tokens ({subject}), and nothing says whose; add `identityProvider: {{name: github, issuer: "
            "https://token.actions.githubusercontent.com}}` under access",
            subject=who.subjects[0],
        )
        document.report(loc, message, "trust")


def _check_audiences(
    document: Document, granted: Mapping[Purpose, GranteesShape], provider: IdentityProviderShape
) -> None:
    """Each audience is one of the provider, and where it has several they tell jobs that write from jobs that read."""
    for purpose, who in granted.items():
        for index, audience in enumerate(who.audiences):
            if audience not in provider.audiences:
                loc = ("access", purpose.value, "audiences", index)
                hint = suggestion(audience, provider.audiences, "it has")
                message = tr(
                    "{audience} is not an audience of identityProvider; {hint}",
                    audience=quoted(audience),
                    hint=hint,
                )
                document.report(loc, message, "trust")
    deploy, drift = (granted.get(each, GranteesShape()) for each in (Purpose.DEPLOY, Purpose.DRIFT))
    apart = set(drift.audiences_of(provider)) - set(deploy.audiences_of(provider))
    shared = set(deploy.subjects) & set(drift.subjects)
    if len(provider.audiences) > 1 and shared and not apart:
        message = tr(
            "trusts {subject} with every audience with which drift does: a job that only reads could write; name the one "
            "of jobs that write here, as in `audiences: [{audience}]`",
            subject=quoted(min(shared)),
            audience=provider.audiences[0],
        )
        document.report(("access", "deploy", "trusts"), message, "trust")


def _known_orders(document: Document, shaped: Shaped) -> frozenset[str] | None:
    """The keys of all orders written, sound or not; None when the orders may stand under a misspelt key."""
    data = document.data
    written = data.get("orders", {}) if isinstance(data, dict) else {}
    misspelt = any(len(each) == 1 and each[0] not in StackShape.model_fields for each in shaped.touched)
    if not isinstance(written, dict) or (misspelt and not written):
        return None
    return frozenset(written)


def _in_order(document: Document) -> Iterable[Problem]:
    """The stack file's problems from top to bottom, then those of the files it names; none twice."""
    unique = dict.fromkeys(document.problems)
    return sorted(unique, key=lambda each: (each.file != document.file, each.file, each.line, each.column))


def load_stack(project: Path, stack: str) -> Loaded:
    """The declaration of one stack of the project."""
    return load_file(project, stack_file(project, stack))


def load_file(project: Path, file: StackFile) -> Loaded:
    """The same, of a stack whose settings have been read."""
    nothing = Declaration(file.declaration, {}, {})
    if file.problems:
        return Loaded(None, file.problems, nothing)
    if not file.declaration.exists():
        return Loaded(None, (*file.refused, _absent(project, file)), nothing)
    loaded = load(file.declaration)
    if file.refused:
        return Loaded(None, (*file.refused, *loaded.problems), loaded.sound)
    return loaded


def _absent(project: Path, file: StackFile) -> Problem:
    stacks = discover(project)
    if file.name in stacks:
        message = tr("does not exist; stack {stack} declares its numbers there", stack=quoted(file.name))
    else:
        near = suggestion(file.name, stacks, "its stacks")
        message = tr(
            "does not exist; there is no stack {stack} in this project, {hint}",
            stack=quoted(file.name),
            hint=near,
        )
    return Problem.of_file(file.declaration, message)
