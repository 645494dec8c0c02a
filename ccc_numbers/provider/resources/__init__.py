"""The resource types, one file each, imported when first needed: a stack without orders needs no catalogue."""

from functools import cache
from importlib import import_module

from ccc_numbers.provider.resource import Resource

MODULES = {
    "ccc:index:PhoneNumber": "phone_number",
    "ccc:index:InstanceRoster": "instance_roster",
    "ccc:index:InstanceLatch": "instance_latch",
    "ccc:index:SkillGroup": "skill_group",
    "ccc:index:ContactFlow": "contact_flow",
    "ccc:index:VendorOrder": "vendor_order",
}


@cache
def resource(token: str) -> Resource:
    """The type of that token. KeyError when there is none."""
    made: Resource = getattr(import_module(f".{MODULES[token]}", __name__), token.rsplit(":", 1)[-1])()
    return made
