"""Call detail records: who called, and how it ended."""

from datetime import datetime

from ccc_numbers.api.call_rows import CallRecord
from ccc_numbers.api.operations.base import Operations


class CallOperations(Operations):
    """Each method is one operation of CCC."""

    async def list_calls(self, instance_id: str, begins: datetime, ends: datetime) -> tuple[CallRecord, ...]:
        """Every call of an instance that began in [begins, ends), in the order of time. Aware times, to the millisecond."""
        rows = await self._span(
            "ListCallDetailRecordsV2",
            "ContactId",
            (round(begins.timestamp() * 1000), round(ends.timestamp() * 1000)),
            InstanceId=instance_id,
            MediaType="AUDIO",
            SortOrder="ASC",
        )
        found = map(CallRecord.from_wire, rows)
        return tuple(
            sorted((each for each in found if begins <= each.begins < ends), key=lambda each: each.begins)
        )
