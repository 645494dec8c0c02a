"""What a user may say about the way to CCC, checked before the first call."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from ccc.endpoint import HOME_REGION, Endpoint, check_region, did_you_mean
from ccc.errors import ConfigError
from ccc.quotas import QUOTAS

EMBEDDED = "embedded"

_KEYS = (
    "region",
    "endpoint",
    "simulatorSeed",
    "simulatorState",
    "batchSize",
    "timeouts",
    "rate",
    "rateAccount",
    "rateBudgetUrl",
)
# The engine adds these to every provider's configuration.
_ENGINE_KEYS = ("version", "pluginDownloadURL", "__internal")
_ENVIRONMENT = {
    "region": "CCC_REGION",
    "endpoint": "CCC_ENDPOINT",
    "rateAccount": "CCC_RATE_ACCOUNT",
    "rateBudgetUrl": "CCC_RATE_BUDGET_URL",
}
_STRUCTURED = ("timeouts", "rate")
_BUDGET_SCHEMES = ("redis://", "rediss://", "file://", "memory://")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, to wait for an answer, and for an operation with all its retries."""

    connect: float = 5.0
    read: float = 15.0
    operation: float = 60.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a `Client` needs to know but the credentials, which come from the environment.

    `endpoint` is None for the region's own, "embedded" for a simulator the caller starts (then use `at`), or
    an address; `simulated` when `at` made it the embedded simulator's. `batch_size` is how many numbers one call may carry. `quotas` are calls per second and API.
    `rate_account` names the account whose quota the budget at `rate_budget_url` shares out.
    """

    region: str = HOME_REGION
    endpoint: str | None = None
    simulated: bool = False
    simulator_seed: Path | None = None
    simulator_state: Path | None = None
    batch_size: int = 20
    timeouts: Timeouts = Timeouts()
    quotas: Mapping[str, int] = field(default_factory=lambda: dict(QUOTAS))
    rate_account: str | None = None
    rate_budget_url: str | None = None

    @property
    def embedded(self) -> bool:
        """Whether the caller has to start the embedded simulator first."""
        return self.endpoint == EMBEDDED

    @property
    def target(self) -> Endpoint:
        """Where calls go. A programming error while `embedded`."""
        if self.embedded:
            raise ValueError("start the embedded simulator, then use Settings.at(its url)")
        return Endpoint.parse(self.endpoint) if self.endpoint else Endpoint.of_region(self.region)

    @property
    def place(self) -> str:
        """Where the numbers are, the same for all settings that reach the same: host and region, or the simulator's file."""
        if self.embedded:
            return f"embedded {self.simulator_state or self.simulator_seed or 'simulator'}"
        return f"{self.target.host} ({self.region})"

    def at(self, endpoint: str) -> Self:
        """The same settings with another endpoint: the URL of the embedded simulator once it runs."""
        Endpoint.parse(endpoint)
        return replace(self, endpoint=endpoint, simulated=True)

    @classmethod
    def parse(
        cls,
        mapping: Mapping[str, object],
        *,
        environ: Mapping[str, str] | None = None,
        base: Path | None = None,
    ) -> Self:
        """Settings from the provider's configuration (names as in `ccc:region`), then CCC_* variables.

        Values may be text, as Pulumi's configuration has them, or already numbers and mappings. Blank is
        absent. Relative paths are taken from `base`. Raises ConfigError, one line, at the first mistake.
        """
        environment = os.environ if environ is None else environ
        for key in mapping:
            if key not in _KEYS and key not in _ENGINE_KEYS:
                raise ConfigError(f"ccc:{key}: no such setting; {did_you_mean(key, _KEYS)}")
        texts = {
            key: _text(mapping, key) or environment.get(_ENVIRONMENT.get(key, ""), "").strip() or None
            for key in _KEYS
        }
        endpoint = texts["endpoint"]
        if endpoint and endpoint != EMBEDDED:
            Endpoint.parse(endpoint)
        return cls(
            region=check_region(texts["region"] or HOME_REGION),
            endpoint=endpoint,
            simulator_seed=_inside(_path(texts["simulatorSeed"], base), base),
            simulator_state=_path(texts["simulatorState"], base),
            batch_size=int(
                _number("batchSize", mapping.get("batchSize"), 20, lowest=1, highest=100, whole=True)
            ),
            timeouts=_timeouts(mapping),
            quotas=_quotas(mapping),
            rate_account=texts["rateAccount"],
            rate_budget_url=_budget_url(texts["rateBudgetUrl"]),
        )


def _text(mapping: Mapping[str, object], key: str) -> str | None:
    value = mapping.get(key)
    if key in _STRUCTURED:
        return None
    if isinstance(value, Mapping) and "secure" in value:
        variable = _ENVIRONMENT.get(key)
        raise ConfigError(
            f"ccc:{key}: is encrypted, which only Pulumi can read; write it in the clear"
            + (f", or set {variable} instead" if variable else "")
        )
    if isinstance(value, list | tuple | Mapping):
        raise ConfigError(f"ccc:{key}: is not text")
    return str(value).strip() or None if isinstance(value, str | int | float) else None


def _path(text: str | None, base: Path | None) -> Path | None:
    return (base or Path()) / text if text else None


def _inside(seed: Path | None, base: Path | None) -> Path | None:
    """The seed, which its stack names: it is a file of the project, whose content messages may quote."""
    if seed and base and not seed.resolve().is_relative_to(base.resolve()):
        raise ConfigError(f"ccc:simulatorSeed: {seed.name} leads out of the project; keep the seed in it")
    return seed


def _number(
    key: str, value: object, default: float, *, lowest: float, highest: float, whole: bool = False
) -> float:
    if value is None or value == "":
        return default
    try:
        number = (
            float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
        )
    except ValueError:
        number = None
    if number is None or not lowest <= number <= highest or (whole and number != int(number)):
        kind = "a whole number" if whole else "a number"
        raise ConfigError(f"ccc:{key}: {value!r} is not {kind} from {lowest:g} to {highest:g}")
    return number


def _object(mapping: Mapping[str, object], key: str) -> Mapping[str, object]:
    """A nested setting: a mapping, or one as JSON text, which is how Pulumi hands structured values over."""
    value = mapping.get(key)
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise ConfigError(f"ccc:{key}: {value!r} is no JSON object") from None
    if not isinstance(value, Mapping):
        raise ConfigError(f"ccc:{key}: {value!r} is no mapping")
    return value


def _timeouts(mapping: Mapping[str, object]) -> Timeouts:
    given, default = _object(mapping, "timeouts"), Timeouts()
    known = ("connect", "read", "operation")
    for key in given:
        if key not in known:
            raise ConfigError(f"ccc:timeouts.{key}: no such timeout; {did_you_mean(key, known)}")
    seconds = {
        key: _number(f"timeouts.{key}", given.get(key), getattr(default, key), lowest=0.1, highest=3600)
        for key in known
    }
    return Timeouts(**seconds)


def _quotas(mapping: Mapping[str, object]) -> Mapping[str, int]:
    given = _object(mapping, "rate")
    for key in given:
        if key not in QUOTAS:
            raise ConfigError(f"ccc:rate.{key}: no operation of CCC used here; {did_you_mean(key, QUOTAS)}")
    return {
        action: int(
            _number(f"rate.{action}", given.get(action), quota, lowest=1, highest=100_000, whole=True)
        )
        for action, quota in QUOTAS.items()
    }


def _budget_url(url: str | None) -> str | None:
    """The address of the shared budget. The error never quotes it: a password may stand anywhere in it."""
    fault = _budget_fault(url) if url else None
    if fault:
        raise ConfigError(f"ccc:rateBudgetUrl (CCC_RATE_BUDGET_URL): {fault}")
    return url


def _budget_fault(url: str) -> str | None:
    if not url.startswith(_BUDGET_SCHEMES):
        return "use redis://host:port/db, file:///path or nothing"
    try:
        parts = urlsplit(url)
    except ValueError:
        return "its host cannot be read; an IPv6 address stands in [ ], as in redis://[::1]:6379/0"
    if parts.scheme == "file":
        path = unquote(parts.path)
        sound = not parts.netloc and path.startswith("/") and path.isprintable()
        return (
            None if sound else "it names no file; write three slashes, as in file:///run/ccc/budget.sqlite3"
        )
    try:
        _ = parts.port
    except ValueError:
        return "its port is not a number up to 65535; write redis://host:port/db, and / : @ in a password as %2F %3A %40"
    databases = [unquote(parts.path).strip("/"), *parse_qs(parts.query).get("db", [])]
    if any(database and not re.fullmatch(r"\d{1,5}", database, re.ASCII) for database in databases):
        return "its database is not a number; write redis://host:port/0"
    return None
