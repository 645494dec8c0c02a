"""Resources as the engine names them: the types of ours, and the parts of a URN."""

from __future__ import annotations

NUMBER = "ccc:index:PhoneNumber"
ROSTER = "ccc:index:InstanceRoster"
LATCH = "ccc:index:InstanceLatch"
ORDER = "ccc:index:VendorOrder"
COMPONENT = "ccc:components:InstanceNumbers"
_BOOKKEEPING = ("pulumi:pulumi:", "pulumi:providers:", "ccc:components:")


def urn_type(urn: str) -> str:
    """`urn:pulumi:dev::project::parent$ccc:index:PhoneNumber::name` is a `ccc:index:PhoneNumber`; "" for no URN."""
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2] if len(parts) == 4 else ""


def urn_name(urn: str) -> str:
    """The logical name at its end, which may itself hold `::`."""
    return urn.split("::", 3)[-1]


def short_type(type_: str) -> str:
    """A type without its package: `PhoneNumber`."""
    return type_.rpartition(":")[2]


def is_bookkeeping(type_: str) -> bool:
    """Whether a resource of this type is nobody's number, flow, group or order."""
    return type_.startswith(_BOOKKEEPING) or type_ in (ROSTER, LATCH)
