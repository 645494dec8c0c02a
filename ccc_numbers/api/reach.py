"""Reads the provider's settings: their form, and which paths and addresses a stack file may name.

Whoever may open a pull request edits a stack file, and Pulumi copies it into state, history and logs. So no path or
address in it can make a run write outside the project or reach a host, and none can hold a password; the environment
may name more. Messages never repeat the value.

`kept` values come from Pulumi's state: an earlier version allowed them, and an `up` must be able to replace them.
"""

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from ccc_numbers.api.errors import ConfigError
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import suggestion

RATE_BUDGET_URL = "CCC_RATE_BUDGET_URL"
SIMULATOR_STATE = "CCC_SIMULATOR_STATE"
_SCHEMES = ("redis://", "rediss://", "file://", "memory://")


def plain(key: str, value: object) -> str | None:
    """A setting of one text, None when absent or blank. Raises ConfigError for a list or a mapping, such as `secure:`."""
    if isinstance(value, Mapping | list):
        raise ConfigError(
            tr(
                "ccc:{key}: is not plain text; no setting of the provider is a secret, so nothing is encrypted here",
                key=key,
            )
        )
    return str(value).strip() or None if isinstance(value, str | int | float) else None


def nested(key: str, value: object, known: Collection[str], example: str) -> Mapping[str, object]:
    """A setting of several keys: a mapping, or its JSON text, which is how Pulumi passes it. Raises ConfigError."""
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, Mapping):
        raise ConfigError(tr("ccc:{key}: is not a mapping; write {example}", key=key, example=example))
    check_keys(f"{key}.", value, known)
    return value


def check_keys(prefix: str, mapping: Mapping[str, object], known: Collection[str]) -> None:
    """Raise ConfigError for the first key that is not known."""
    for key in mapping:
        if key not in known:
            hint = suggestion(str(key), sorted(known))
            raise ConfigError(tr("ccc:{key}: is not a setting; {hint}", key=f"{prefix}{key}", hint=hint))


def budget_url(
    written: str | None, environ: Mapping[str, str], project: Path, *, kept: bool = False
) -> str | None:
    """Where the rate limit is shared: the stack file's `written`, which stays in the project, or the environment's."""
    if not written:
        return _known(RATE_BUDGET_URL, environ.get(RATE_BUDGET_URL, "").strip()) or None
    url = _known("ccc:rateBudgetUrl", written)
    if kept:
        return url
    parts = urlsplit(url)
    if parts.scheme == "memory" and not parts.netloc:
        return url
    if parts.scheme != "file" or parts.netloc or parts.query or parts.fragment:
        raise ConfigError(
            tr(
                "ccc:rateBudgetUrl: a stack file names no address and holds no password; remove the key there (and change "
                "the password, if it had one), and set {variable} in the environment instead",
                variable=RATE_BUDGET_URL,
            )
        )
    inside_project("rateBudgetUrl", unquote(parts.path), project, instead=RATE_BUDGET_URL)
    return url


def state_file(
    written: str | None, environ: Mapping[str, str], project: Path, *, kept: bool = False
) -> Path | None:
    """The embedded simulator's state: the stack file's `written`, which stays in the project, or the environment's."""
    if written:
        return inside_project("simulatorState", written, project, instead=SIMULATOR_STATE, kept=kept)
    named = environ.get(SIMULATOR_STATE, "").strip()
    return project / named if named else None


def default_state(seed: Path | None, project: Path) -> Path:
    """The state of an embedded simulator without a setting: in the project, and no committed link leads it out."""
    name = f".simulator/{seed.stem if seed else 'default'}.sqlite3"
    return inside_project("simulatorState", name, project, instead=SIMULATOR_STATE) or project / name


def inside_project(
    key: str, written: str | None, project: Path, *, instead: str | None = None, kept: bool = False
) -> Path | None:
    """The path from the project's folder; ConfigError when it leads out of it, through a link for instance.

    `instead` is the environment variable that may name any path.
    """
    if not written:
        return None
    try:
        inside = (project / written).resolve().is_relative_to(project.resolve())
    except (OSError, RuntimeError, ValueError):
        inside = False
    if inside or kept:
        return project / written
    if instead:
        raise ConfigError(
            tr(
                "ccc:{key}: leads out of the project's folder; keep the file below it, or set {variable} in the environment "
                "instead",
                key=key,
                variable=instead,
            )
        )
    raise ConfigError(tr("ccc:{key}: leads out of the project's folder; keep the file below it", key=key))


def _known(setting: str, url: str) -> str:
    """The URL, when it names a store. The error never quotes it: a password may stand anywhere in it."""
    if url and (fault := _budget_fault(url)):
        raise ConfigError(f"{setting}: {fault}")
    return url


def _budget_fault(url: str) -> str | None:
    if not url.startswith(_SCHEMES):
        return tr("use redis://host:port/db, file:///path or nothing")
    try:
        parts = urlsplit(url)
    except ValueError:
        return tr("its host cannot be read; an IPv6 address stands in [ ], as in redis://[::1]:6379/0")
    if parts.scheme == "file":
        path = unquote(parts.path)
        sound = not parts.netloc and path.startswith("/") and path.isprintable()
        return (
            None
            if sound
            else tr("it names no file; write three slashes, as in file:///run/ccc/budget.sqlite3")
        )
    try:
        _ = parts.port
    except ValueError:
        return tr(
            "its port is not a number up to 65535; write redis://host:port/db, and / : @ in a password as %2F %3A %40"
        )
    databases = [unquote(parts.path).strip("/"), *parse_qs(parts.query).get("db", [])]
    if any(database and not re.fullmatch(r"\d{1,5}", database, re.ASCII) for database in databases):
        return tr("its database is not a number; write redis://host:port/0")
    return None
