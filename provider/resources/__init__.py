"""The resource types, one file each."""

from ..resource import Resource
from .instance_latch import InstanceLatch
from .instance_roster import InstanceRoster
from .phone_number import PhoneNumber

RESOURCES: tuple[Resource, ...] = (PhoneNumber(), InstanceRoster(), InstanceLatch())
