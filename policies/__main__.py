"""The policy pack: rules for numbers that a company may want besides those of CCC and its vendors.

Each is advisory until `--policy-pack-config` makes it mandatory; docs/policies.md explains them, and how to write your own.
"""

from datetime import date, timedelta

import pulumi_policy
from rules import Number, Order, four_hundred, instance_protected, order_outlives, with_group

PHONE_NUMBER, VENDOR_ORDER = "ccc:index:PhoneNumber", "ccc:index:VendorOrder"


def _orders(args: pulumi_policy.StackValidationArgs) -> dict[str, Order]:
    orders = [Order.of(each.props) for each in args.resources if each.resource_type == VENDOR_ORDER]
    return {order.key: order for order in orders}


def order_outlives_days(
    args: pulumi_policy.StackValidationArgs, report: pulumi_policy.ReportViolation
) -> None:
    days = timedelta(days=args.get_config().get("days", 30))
    orders = _orders(args)
    for each in args.resources:
        if each.resource_type == PHONE_NUMBER:
            for said in order_outlives(Number.of(each.props), orders, date.today() + days):
                report(said, each.urn)


def four_hundred_inbound(
    args: pulumi_policy.StackValidationArgs, report: pulumi_policy.ReportViolation
) -> None:
    orders = _orders(args)
    for each in args.resources:
        if each.resource_type == PHONE_NUMBER:
            for said in four_hundred(Number.of(each.props), orders):
                report(said, each.urn)


def number_with_group(
    args: pulumi_policy.ResourceValidationArgs, report: pulumi_policy.ReportViolation
) -> None:
    if args.resource_type == PHONE_NUMBER:
        for said in with_group(Number.of(args.props)):
            report(said)


def protected_instance(
    args: pulumi_policy.ResourceValidationArgs, report: pulumi_policy.ReportViolation
) -> None:
    if args.resource_type == "ccc:index:InstanceRoster":
        for said in instance_protected(args.props):
            report(said)


pulumi_policy.PolicyPack(
    name="ccc-numbers",
    enforcement_level=pulumi_policy.EnforcementLevel.ADVISORY,
    policies=[
        pulumi_policy.StackValidationPolicy(
            name="order-outlives",
            description="A number that takes calls has a vendor order that runs for another 30 days (days).",
            config_schema=pulumi_policy.PolicyConfigSchema(
                properties={"days": {"type": "integer", "minimum": 1, "default": 30}}
            ),
            validate=order_outlives_days,
        ),
        pulumi_policy.StackValidationPolicy(
            name="four-hundred",
            description="A 400 number takes calls only, and its order is one for 400 numbers.",
            validate=four_hundred_inbound,
        ),
        pulumi_policy.ResourceValidationPolicy(
            name="number-with-group",
            description="A number, but for 400 numbers, has a skill group or an agent.",
            validate=number_with_group,
        ),
        pulumi_policy.ResourceValidationPolicy(
            name="protected-instance",
            description="An instance is protected: destroy is refused before the first number goes.",
            validate=protected_instance,
        ),
    ],
)
