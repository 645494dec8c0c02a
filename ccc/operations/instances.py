"""Instances (实例): the call centres of an account."""

from __future__ import annotations

from ccc.operations.base import Operations, data_object
from ccc.rows import Instance


class InstanceOperations(Operations):
    """Each method is one operation of CCC."""

    async def list_instances(self) -> tuple[Instance, ...]:
        """All instances of the account, sorted by id."""
        rows = await self._list("ListInstances", "Id")
        return tuple(sorted(map(Instance.from_wire, rows), key=lambda instance: instance.id))

    async def get_instance(self, instance_id: str) -> Instance:
        """One instance; NotExists when the account has none of that id."""
        return Instance.from_wire(data_object(await self._read("GetInstance", InstanceId=instance_id)))
