"""`purchase:` on an order: bought on the cloud marketplace (云市场) through `alicloud.marketplace.Order`.

It pays at once and can be neither changed nor refunded, and its state is all Pulumi knows of it. So the resource is
protected, kept when it is no longer declared, and never made for an order that is paid or has an id already: with an
`orderId` it is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pulumi
from pydantic.alias_generators import to_camel

from ccc_numbers.declaration.model import Declaration, OrderDeclaration
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.problem import Problem

if TYPE_CHECKING:
    from pulumi_alicloud.marketplace import Order

SKIP_CHECKPOINTS = "PULUMI_SKIP_CHECKPOINTS"


def purchase_problems(
    declaration: Declaration, environment: Mapping[str, str], *, preview: bool
) -> Iterator[Problem]:
    """Why this run must not buy, and what it would buy: for a person to see before it pays.

    A preview pays nothing, so in it even what an `up` refuses is a warning.
    """
    for order in declaration.orders.values():
        if order.purchase is None or order.order_id is not None:
            continue
        message = tr(
            "pays on the marketplace at once, unless this stack has bought it: {quantity} × package "
            "{package_version} of {product_code}. Once it is bought, write its orderId (`pulumi stack "
            "output orders`) and stage: paid",
            quantity=order.purchase.quantity,
            package_version=order.purchase.package_version,
            product_code=order.purchase.product_code,
        )
        unsafe = environment.get(SKIP_CHECKPOINTS, "").lower() in ("1", "true")
        if unsafe:
            message = tr(
                "is not made with {skip_checkpoints} set: a run that is killed would not know that it has paid, "
                "and the next would pay again. Run with {skip_checkpoints}=false; once it is bought, write its "
                "orderId",
                skip_checkpoints=SKIP_CHECKPOINTS,
            )
        severity = "error" if unsafe and not preview else "warning"
        path = f"orders.{order.key}.purchase"
        yield Problem.at(order.at("purchase"), path, None, message, "purchase", severity)


def buy(order: OrderDeclaration) -> Order | None:
    """The marketplace's order, for an order that says `purchase`; its id is the order id."""
    purchase = order.purchase
    if purchase is None:
        return None
    # The package is large, and most stacks buy nothing.
    from pulumi_alicloud.marketplace import Order

    if not purchase.i_understand_this_pays:
        raise ValueError(tr("order {key}: iUnderstandThisPays must be true", key=order.key))
    properties: dict[str, Any] = {
        "product_code": purchase.product_code,
        "package_version": purchase.package_version,
        "pricing_cycle": purchase.pricing_cycle,
        "duration": purchase.duration or 1,
        "pay_type": purchase.pay_type,
        "quantity": purchase.quantity,
        "coupon_id": purchase.coupon_id,
        "components": dict(purchase.components) or None,
    }
    opts = pulumi.ResourceOptions(
        protect=True,
        retain_on_delete=True,
        import_=order.order_id,
        # Nothing of a purchase can change, and an import reads only some of it back.
        ignore_changes=[to_camel(name) for name in properties] if order.order_id is not None else None,
    )
    return Order(order.key, **properties, opts=opts)
