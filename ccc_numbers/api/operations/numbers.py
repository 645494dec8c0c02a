"""Numbers: listing, adding to and removing from an instance, usage, flow and skill groups."""

from collections.abc import Iterable

from ccc_numbers.api import wire
from ccc_numbers.api.operations.base import DIGITS, Operations, distinct
from ccc_numbers.api.rows import PhoneNumber, UnassignedNumber, Usage

_SPLITS = (("Usage", tuple(usage.wire for usage in Usage)), ("Active", (True, False)), DIGITS)


class NumberOperations(Operations):
    """Each method is one operation of CCC; empty lists of numbers or groups make no call at all."""

    async def list_phone_numbers(self, instance_id: str) -> tuple[PhoneNumber, ...]:
        """Every number of an instance with all its bindings, sorted by number."""
        rows = await self._list("ListPhoneNumbers", "Number", _SPLITS, InstanceId=instance_id)
        return tuple(sorted(map(PhoneNumber.from_wire, rows), key=lambda row: row.number))

    async def list_unassigned_numbers(self) -> tuple[UnassignedNumber, ...]:
        """The account's numbers that are in no instance, sorted by number."""
        rows = await self._list("ListUnassignedNumbers", "Number", (DIGITS,))
        return tuple(sorted(map(UnassignedNumber.from_wire, rows), key=lambda row: row.number))

    async def import_numbers(self, numbers: Iterable[str], provider: str) -> None:
        """Bring lines of one's own into the account, as `provider`'s. CCC reports no failures: look afterwards."""
        if wanted := distinct(numbers):
            await self._write("ImportCorpNumbers", NumberList=wanted, Provider=provider)

    async def add_phone_numbers(
        self, instance_id: str, numbers: Iterable[str], usage: Usage, contact_flow_id: str | None = None
    ) -> tuple[str, ...]:
        """Put unassigned numbers into an instance; the numbers CCC did not take, of those given.

        A 400 number takes `inbound` only. The flow is not sent for outbound numbers: CCC has no use for it.
        """
        if not (wanted := distinct(numbers)):
            return ()
        envelope = await self._write(
            "AddPhoneNumbers",
            InstanceId=instance_id,
            NumberList=wanted,
            Usage=usage.wire,
            ContactFlowId=contact_flow_id if usage.takes_calls else None,
        )
        return tuple(map(str, wire.items(envelope, "Data")))

    async def modify_phone_number(
        self, instance_id: str, number: str, usage: Usage, contact_flow_id: str | None = None
    ) -> None:
        """Set usage and flow; the groups stay. Without a flow CCC may clear or keep the old one."""
        await self._write(
            "ModifyPhoneNumber",
            InstanceId=instance_id,
            Number=number,
            Usage=usage.wire,
            ContactFlowId=contact_flow_id if usage.takes_calls else None,
        )

    async def remove_phone_numbers(
        self, instance_id: str, numbers: Iterable[str], *, force: bool = False
    ) -> tuple[str, ...]:
        """Take numbers out of an instance, back to the unassigned; the numbers CCC did not remove.

        `force` is needed for a number bound to a flow, a skill group or an agent.
        """
        if not (wanted := distinct(numbers)):
            return ()
        envelope = await self._write(
            "RemovePhoneNumbers", InstanceId=instance_id, NumberList=wanted, Force=True if force else None
        )
        return tuple(map(str, wire.items(envelope, "Data")))

    async def add_phone_number_to_skill_groups(
        self, instance_id: str, number: str, skill_group_ids: Iterable[str]
    ) -> None:
        """Bind one number to several skill groups."""
        if wanted := distinct(skill_group_ids):
            await self._write(
                "AddPhoneNumberToSkillGroups", InstanceId=instance_id, Number=number, SkillGroupIdList=wanted
            )

    async def remove_phone_number_from_skill_groups(
        self, instance_id: str, number: str, skill_group_ids: Iterable[str]
    ) -> None:
        """Unbind one number from several skill groups, all of which must hold it."""
        if wanted := distinct(skill_group_ids):
            await self._write(
                "RemovePhoneNumberFromSkillGroups",
                InstanceId=instance_id,
                Number=number,
                SkillGroupIdList=wanted,
            )

    async def add_numbers_to_skill_group(
        self, instance_id: str, skill_group_id: str, numbers: Iterable[str]
    ) -> None:
        """Bind several numbers of the instance to one skill group. CCC reports no failures: read back."""
        if wanted := distinct(numbers):
            await self._write(
                "AddNumbersToSkillGroup",
                InstanceId=instance_id,
                SkillGroupId=skill_group_id,
                NumberList=wanted,
            )

    async def remove_phone_numbers_from_skill_group(
        self, instance_id: str, skill_group_id: str, numbers: Iterable[str]
    ) -> None:
        """Unbind several numbers from one skill group. CCC reports no failures: read back."""
        if wanted := distinct(numbers):
            await self._write(
                "RemovePhoneNumbersFromSkillGroup",
                InstanceId=instance_id,
                SkillGroupId=skill_group_id,
                NumberList=wanted,
            )
