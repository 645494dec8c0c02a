"""Instances (实例): the call centres of an account."""

from collections.abc import Mapping

from ccc_numbers.api import wire
from ccc_numbers.api.operations.base import Operations
from ccc_numbers.api.rows import Instance, PhoneNumber


class InstanceOperations(Operations):
    """Each method is one operation of CCC."""

    async def list_instances(self) -> tuple[Instance, ...]:
        """All instances of the account, sorted by id."""
        rows = await self._list("ListInstances", "Id")
        return tuple(sorted(map(Instance.from_wire, rows), key=lambda instance: instance.id))

    async def get_instance(self, instance_id: str) -> Instance:
        """One instance; NotExists when the account has none of that id."""
        return Instance.from_wire(await self._instance(instance_id))

    async def get_instance_numbers(
        self, instance_id: str, flow_names: Mapping[str, str]
    ) -> tuple[PhoneNumber, ...]:
        """An instance's numbers with their bindings in one call, however many; sorted by number.

        CCC leaves out the flows' names: `flow_names` has them by id. Provider, tags and the time of joining are None here. Whether CCC cuts the list short for a
        large instance is undocumented: compare with `count_phone_numbers`.
        """
        rows = wire.rows(await self._instance(instance_id), "NumberList")
        return tuple(
            sorted((PhoneNumber.from_wire(row, flow_names) for row in rows), key=lambda row: row.number)
        )

    async def count_phone_numbers(self, instance_id: str) -> int:
        """How many numbers an instance has."""
        return await self._count("ListPhoneNumbers", InstanceId=instance_id)

    async def _instance(self, instance_id: str) -> wire.Wire:
        return wire.mapping(await self._read("GetInstance", InstanceId=instance_id), "Data")
