"""The pieces of the Pulumi program: read the declaration, refuse it whole, or declare all of it."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pulumi

from ccc_numbers.api.errors import ConfigError
from ccc_numbers.declaration import clock
from ccc_numbers.declaration.model import Declaration, InstanceDeclaration, Loaded
from ccc_numbers.declaration.override import declared_at
from ccc_numbers.declaration.read import load_stack
from ccc_numbers.declaration.stack import platform_fee
from ccc_numbers.declaration.vendor_rules import catalogue_of, vendor_problems
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem
from ccc_numbers.vendors.platform_fee import Mode

from .access import Access
from .economy import economise
from .instance_numbers import InstanceNumbers
from .materials_bucket import MaterialsBucket, buckets, missing_papers
from .purchase import purchase_problems
from .resources import VendorOrder
from .vendor_orders import declare_orders, lines_of, prices_of, summaries

_STRANGE = timedelta(days=1)
EXPLAINED = 32
"""Exit code by which Pulumi's Python host knows that the errors have been printed already."""


def run() -> None:
    """The whole program of a stack: what its file declares becomes resources, and outputs of the stack."""
    declaration = sound(load_stack(Path.cwd(), pulumi.get_stack()))
    for name, value in declare(declaration).items():
        pulumi.export(name, value)


def sound(loaded: Loaded) -> Declaration:
    """What is declared at this moment, when neither the grammar nor the vendors' rules have an error.

    Otherwise every problem is printed and the program ends. Nothing has been registered, so nothing is changed.
    """
    declaration = None if loaded.declaration is None else declared_at(loaded.declaration, _moment())
    further = () if declaration is None else _further(declaration)
    problems = [*loaded.problems, *further]
    for problem in problems:
        report = pulumi.log.error if problem.severity == "error" else pulumi.log.warn
        report(str(problem))
    if declaration is None or any(problem.severity == "error" for problem in problems):
        sys.exit(EXPLAINED)
    return declaration


def _moment() -> datetime:
    """The moment whose overrides hold. One that the environment gives is said when it is far from the clock's."""
    try:
        moment = clock.now(environment=os.environ)
    except ConfigError as error:
        pulumi.log.error(str(error))
        sys.exit(EXPLAINED)
    if abs(moment - clock.now(environment={})) > _STRANGE:
        pulumi.log.warn(
            tr(
                "overrides and terms are judged as of {moment:%Y-%m-%d %H:%M %Z}, which {now} says",
                moment=moment,
                now=clock.NOW,
            )
        )
    return moment


def _further(declaration: Declaration) -> Iterator[Problem]:
    yield from vendor_problems(declaration, clock.today())
    yield from purchase_problems(declaration, os.environ, preview=pulumi.runtime.is_dry_run())
    yield from missing_papers(declaration)


def declare(declaration: Declaration) -> dict[str, object]:
    """Register everything the stack declares; what it exports."""
    economise(os.environ)
    today, catalogue = clock.today(), catalogue_of(declaration)
    prices = prices_of(declaration, catalogue, pulumi.get_stack(), _platform_fee_mode(), today)
    kept = buckets(declaration)
    for bucket, of_orders in kept.items():
        MaterialsBucket(bucket, of_orders, Path.cwd())
    if isinstance(prices, str):
        pulumi.log.warn(tr("the orders have no cost: {prices}", prices=prices))
    orders = declare_orders(declaration, {} if isinstance(prices, str) else prices[0].orders)
    lines = lines_of(declaration, catalogue, today)
    instances = _instances(list(declaration.instances.values()), orders, lines)
    seen = {each.instance_id: each.summary for each in instances}
    exports: dict[str, object] = {"instances": seen}
    if declaration.orders:
        exports["orders"] = summaries(declaration, catalogue, orders, _statuses(seen), today)
        exports["cost"] = {"unknown": prices} if isinstance(prices, str) else prices[0].as_outputs(prices[1])
    if declaration.access:
        exports["access"] = Access(
            pulumi.get_stack(),
            declaration.access,
            kept,
            declaration.identity_provider,
            self_service=any(each.self_service for each in declaration.instances.values()),
        ).policies
    return exports


def _instances(
    declared: Sequence[InstanceDeclaration], orders: Mapping[str, VendorOrder], lines: Mapping[str, str]
) -> list[InstanceNumbers]:
    """All instances: every roster has to agree before the first number of any of them is touched."""
    made: list[InstanceNumbers] = []
    for at, instance in enumerate(declared):
        others = [other for other in declared if other is not instance]
        after = [each.roster for each in made] if at == len(declared) - 1 else []
        made.append(InstanceNumbers(instance, others, after=after))
    for each in made:
        each.declare_numbers(made[-1].roster, orders, lines)
        each.register_outputs({})
    return made


def _statuses(
    instances: Mapping[str, pulumi.Output[dict[str, object]]],
) -> pulumi.Output[Mapping[str, str]]:
    """Number -> its status, out of what the instances export."""

    def of(summaries: list[dict[str, dict[str, dict[str, str]]]]) -> Mapping[str, str]:
        return {number: row["status"] for each in summaries for number, row in each["numbers"].items()}

    return pulumi.Output.all(*instances.values()).apply(of)


def _platform_fee_mode() -> Mode | None:
    """How the stack says the platform fee's tiers are read, if it does; a wrong word ends the program."""
    written = pulumi.Config("ccc-numbers").get("platformFee")
    mode = None if written is None else platform_fee(written)
    if isinstance(mode, str) and not isinstance(mode, Mode):
        pulumi.log.error(f'ccc-numbers:platformFee: "{written}" {mode}')
        sys.exit(EXPLAINED)
    return mode
