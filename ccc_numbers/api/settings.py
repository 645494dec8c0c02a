"""The provider's settings, checked before the first call."""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Self

from ccc_numbers.api import identity
from ccc_numbers.api.endpoint import (
    EMBEDDED,
    ENDPOINT,
    HOME_REGION,
    Endpoint,
    allowed_places,
    check_region,
    permitted,
)
from ccc_numbers.api.errors import ConfigError
from ccc_numbers.api.identity import Identity
from ccc_numbers.api.quotas import QUOTAS
from ccc_numbers.api.reach import (
    budget_url,
    check_keys,
    default_state,
    inside_project,
    nested,
    plain,
    state_file,
)
from ccc_numbers.api.simulator_identity import simulator_at
from ccc_numbers.api.world import World, at_simulator, place_of
from ccc_numbers.messages.language import VARIABLE, UnknownLanguage, check_language, mark, tr

_TEXTS = ("region", "endpoint", "simulatorSeed", "simulatorState", "rateAccount", "rateBudgetUrl")
_KEYS = (*_TEXTS, *identity.KEYS, "batchSize", "timeouts", "rate")
_BATCH_SIZE = 50
SIMULATOR = "simulatorIdentity"
"""What the provider keeps in Pulumi's state beside its settings; nobody may set it."""

# The engine adds these to every provider's configuration.
_ENGINE_KEYS = ("version", "pluginDownloadURL", "__internal")
_ENVIRONMENT = {"region": "CCC_REGION", "endpoint": ENDPOINT, "rateAccount": "CCC_RATE_ACCOUNT"}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, to wait for an answer, and for an operation with all its retries."""

    connect: float = 5.0
    read: float = 15.0
    operation: float = 60.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a `Client` needs but the keys themselves: `identity` says where they come from.

    `endpoint` is None for the region's own, "embedded" for a simulator the caller starts (then use `at`), or
    an address; `simulated` when `at` made it the embedded simulator's. `allowed_places` are those beside CCC's own
    hosts and loopback. `simulator` is the identity of the simulator at `endpoint`, where it is known. `batch_size` is
    how many numbers one call may carry. `quotas` are calls per second and API.
    `rate_account` names the account whose quota is shared at `rate_budget_url`. `project` is Pulumi's folder.
    """

    region: str = HOME_REGION
    endpoint: str | None = None
    allowed_places: frozenset[str] = frozenset()
    simulated: bool = False
    simulator_seed: Path | None = None
    simulator_state: Path | None = None
    batch_size: int = _BATCH_SIZE
    timeouts: Timeouts = Timeouts()
    quotas: Mapping[str, int] = field(default_factory=lambda: dict(QUOTAS))
    rate_account: str | None = None
    rate_budget_url: str | None = None
    project: Path = Path()
    identity: Identity = field(default_factory=Identity)
    simulator: str | None = None

    @property
    def embedded(self) -> bool:
        """Whether the caller has to start the embedded simulator first."""
        return self.endpoint == EMBEDDED

    @property
    def target(self) -> Endpoint:
        """Where calls go, ConfigError when they may not. A programming error while `embedded`."""
        if self.embedded:
            raise ValueError(
                # not translated: a bug
                "start the embedded simulator, then use Settings.at(its url)"
            )  # not translated: a bug
        if self.endpoint:
            return permitted(self.endpoint, self.allowed_places)
        return Endpoint.of_region(self.region)

    @property
    def world(self) -> World:
        """Which set of numbers is reached; see `World`.

        An embedded simulator is known by the file that keeps its state. ConfigError when that leads out of the project.
        """
        if self.embedded:
            file = self.simulator_state or default_state(self.simulator_seed, self.project)
            return World(f"embedded {file.resolve()}", self.region)  # not translated: compared
        target, account = self.target, self.identity.account
        simulator = target.server if target.loopback else ""
        if account:
            return World(simulator, self.region, account)
        return World(simulator, self.region, host=target.server, identity=self.identity.name)

    @property
    def place(self) -> str:
        """Where the numbers are, for people and for Pulumi's state: it names no folder of a machine."""
        if self.embedded:
            file = self.simulator_state or self.simulator_seed
            return f"embedded {file.name if file else 'simulator'}"  # not translated: compared, and kept in the state
        where = at_simulator(f"{self.target.server} ({self.region})", self.simulator)
        return place_of(where, self.identity.account)

    def at(self, endpoint: str) -> Self:
        """The same settings with another endpoint: the URL of the embedded simulator once it runs."""
        permitted(endpoint)
        return replace(self, endpoint=endpoint, simulated=True)

    def asked(self) -> Self:
        """The same settings with the identity of the simulator at their endpoint, None for CCC; asks it, unsigned."""
        return self if self.embedded else replace(self, simulator=simulator_at(self.target))

    @classmethod
    def parse(
        cls,
        mapping: Mapping[str, object],
        *,
        environ: Mapping[str, str] | None = None,
        base: Path | None = None,
        kept: bool = False,
    ) -> Self:
        """Settings from the provider's configuration (names as in `ccc:region`), then CCC_* variables.

        Values may be text, as Pulumi's configuration has them, or already numbers and mappings. Blank is
        absent. Relative paths are taken from `base`, the project's folder. Whoever edits a stack file may say less
        than the environment: see `ccc_numbers.api.endpoint.permitted` and `ccc_numbers.api.reach`; `kept` settings are those in Pulumi's
        state. Raises ConfigError, one line, at the first mistake.
        """
        environment = os.environ if environ is None else environ
        _check_language(environment)
        own = (*_ENGINE_KEYS, SIMULATOR) if kept else _ENGINE_KEYS
        check_keys("", {key: value for key, value in mapping.items() if key not in own}, _KEYS)
        texts = {
            key: plain(key, mapping.get(key))
            or environment.get(_ENVIRONMENT.get(key, ""), "").strip()
            or None
            for key in _TEXTS
        }
        project = base or Path()
        settings = cls(
            region=check_region(texts["region"] or HOME_REGION),
            identity=Identity.parse(mapping),
            endpoint=texts["endpoint"],
            allowed_places=allowed_places(environment),
            simulator_seed=inside_project("simulatorSeed", texts["simulatorSeed"], project, kept=kept),
            simulator_state=state_file(texts["simulatorState"], environment, project, kept=kept),
            batch_size=_whole("batchSize", mapping.get("batchSize"), _BATCH_SIZE, highest=100),
            timeouts=_timeouts(mapping.get("timeouts")),
            quotas=_quotas(mapping.get("rate")),
            rate_account=texts["rateAccount"],
            rate_budget_url=budget_url(texts["rateBudgetUrl"], environment, project, kept=kept),
            project=project,
            simulator=plain(SIMULATOR, mapping.get(SIMULATOR)),
        )
        if not settings.embedded:
            _ = settings.target  # refuses an endpoint calls must not go to
        return settings


def _check_language(environment: Mapping[str, str]) -> None:
    try:
        check_language(VARIABLE, environment.get(VARIABLE) or "en")
    except UnknownLanguage as error:
        raise ConfigError(str(error)) from None


def _whole(key: str, value: object, default: int, *, highest: int) -> int:
    return int(_number(key, value, default, lowest=1, highest=highest, whole=True))


_NOT_WHOLE = mark("ccc:{key}: {value!r} is not a whole number from {lowest:g} to {highest:g}")
_NOT_A_NUMBER = mark("ccc:{key}: {value!r} is not a number from {lowest:g} to {highest:g}")


def _number(
    key: str, value: object, default: float, *, lowest: float, highest: float, whole: bool = False
) -> float:
    if value is None or value == "":
        return default
    number = None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        with contextlib.suppress(ValueError):
            number = float(value)
    if number is None or not lowest <= number <= highest or (whole and number != int(number)):
        fault = _NOT_WHOLE if whole else _NOT_A_NUMBER
        raise ConfigError(tr(fault, key=key, value=value, lowest=lowest, highest=highest))
    return number


def _timeouts(value: object) -> Timeouts:
    defaults = asdict(Timeouts())
    given = nested("timeouts", value, defaults, "{connect: 5, read: 15, operation: 60}")
    seconds = {
        key: _number(f"timeouts.{key}", given.get(key), default, lowest=0.1, highest=3600)
        for key, default in defaults.items()
    }
    return Timeouts(**seconds)


def _quotas(value: object) -> Mapping[str, int]:
    given = nested("rate", value, QUOTAS, "{ListPhoneNumbers: 50}")
    return {
        action: _whole(f"rate.{action}", given.get(action), quota, highest=100_000)
        for action, quota in QUOTAS.items()
    }
