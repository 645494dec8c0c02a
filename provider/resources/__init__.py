"""The resource types, one file each."""

from ..resource import Resource
from .contact_flow import ContactFlow
from .instance_latch import InstanceLatch
from .instance_roster import InstanceRoster
from .phone_number import PhoneNumber
from .skill_group import SkillGroup

RESOURCES: tuple[Resource, ...] = (
    PhoneNumber(),
    InstanceRoster(),
    InstanceLatch(),
    SkillGroup(),
    ContactFlow(),
)
