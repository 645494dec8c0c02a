"""`ccc:index:SkillGroup`: a skill group of an instance. The id is CCC's, usually `Name@InstanceId`."""

import contextlib
from collections.abc import Mapping, Sequence

from ccc_numbers.api.errors import CccError, Conflict, NotExists, NotSeen
from ccc_numbers.api.retry import until_seen
from ccc_numbers.api.rows import LONGEST_NAME, SKILL_GROUP_NAME, MediaType
from ccc_numbers.api.rows import SkillGroup as Row
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import listed
from ccc_numbers.numbers.finding_kinds import FindingKind
from ccc_numbers.numbers.plan_number import Refused
from ccc_numbers.provider.campaigns import spare_campaigns_of
from ccc_numbers.provider.model.skill_group import MODEL
from ccc_numbers.provider.properties import flag, text
from ccc_numbers.provider.resource import Diff, Live
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.silenced import say_silenced
from ccc_numbers.provider.wire import Bag, has_unknown

_TEXTS = ("displayName", "description")


class SkillGroup:
    """See the module. Calls: ListSkillGroups, GetSkillGroup, CreateSkillGroup, ModifySkillGroup, DeleteSkillGroup."""

    def check(self, run: Run, old: Bag, new: Bag) -> Sequence[str]:
        name = text(new, "name")
        subject = tr("skill group {name}", name=name) if name else tr("a skill group")
        problems = list(MODEL.problems(new, subject))
        if name and not SKILL_GROUP_NAME.fullmatch(name):
            problems.append(
                tr(
                    '"{name}" is not a skill group name: 1 to 64 letters, digits, _ and -, a letter first',
                    name=name,
                )
            )
        if len(text(new, "displayName")) > LONGEST_NAME:
            problems.append(
                tr(
                    "{subject}: displayName is longer than {most} characters",
                    subject=subject,
                    most=LONGEST_NAME,
                )
            )
        media = text(new, "mediaType")
        if media and media.lower() not in [*MediaType]:
            problems.append(
                tr(
                    '{subject}: {key} "{value}" is not one of {choices}',
                    subject=subject,
                    key="mediaType",
                    value=media,
                    choices=listed(MediaType),
                )
            )
        if old and not problems and text(old, "name") == name and _media(old) != _media(new):
            problems.append(
                tr(
                    "{subject} is for {old} and cannot become one for {new}: CCC does not change the medium of a "
                    "group. Declare another group with a name of its own, then remove this one",
                    subject=subject,
                    old=_media(old),
                    new=_media(new),
                )
            )
        if not problems and not has_unknown(new):
            run.inventory.promise(text(new, "instanceId"), name)
            run.declared.checked("SkillGroup", text(new, "instanceId"), name)
        return problems

    def diff(self, old: Bag, new: Bag) -> Diff:
        return Diff(MODEL.changes(old, new))

    async def create(self, run: Run, urn: str, inputs: Bag, preview: bool) -> tuple[str, Bag]:
        instance_id, name = text(inputs, "instanceId"), text(inputs, "name")
        found = (await _listed(run, inputs)).get(name)
        if found is not None:
            if not flag(inputs, "adopt") and _texts(found) != _wanted(inputs):
                raise Refused(
                    tr(
                        'skill group "{name}" is already in {instance}, called "{called}" with the description '
                        '"{description}"; nothing was changed. Declare that, set `adopt`, or import it',
                        name=name,
                        instance=instance_id,
                        called=found.display_name,
                        description=found.description,
                    )
                )
            return found.id, inputs if preview else await self._changed(run, found.id, found, inputs)
        await say_silenced(run, urn, instance_id, [(FindingKind.GROUP_GONE, name, "skillGroups")])
        if preview:
            return "", inputs

        async def write() -> None:
            # Made meanwhile: by somebody else, or by the call whose answer was lost.
            with contextlib.suppress(Conflict):
                await run.client.create_skill_group(
                    instance_id, name, *_wanted(inputs), media_type=_media(inputs)
                )

        async def look() -> Row | None:
            return (await _listed(run, inputs, fresh=True)).get(name)

        made = await until_seen(write, look)
        return made.id, inputs | MODEL.live_outputs(made)

    async def read(self, run: Run, urn: str, resource_id: str, outputs: Bag, inputs: Bag) -> Live | None:
        instance_id = text(outputs, "instanceId") or resource_id.rpartition("@")[2]
        try:
            row = await run.client.get_skill_group(instance_id, resource_id)
        except NotExists:
            return None
        live: Bag = {"instanceId": instance_id, **MODEL.live_inputs(row, inputs)}
        return Live(row.id, live, live | MODEL.live_outputs(row))

    async def update(self, run: Run, urn: str, resource_id: str, old: Bag, new: Bag, preview: bool) -> Bag:
        differing = [key for key in _TEXTS if text(old, key) != text(new, key)]
        repairs = [(FindingKind.GROUP_CHANGED, text(new, "name"), key) for key in differing]
        await say_silenced(run, urn, text(new, "instanceId"), repairs)
        if preview:
            return new
        return await self._changed(run, resource_id, None, new)

    async def delete(self, run: Run, urn: str, resource_id: str, outputs: Bag) -> None:
        instance_id, force = text(outputs, "instanceId"), flag(outputs, "forceRemoval")
        if run.declared.still("SkillGroup", instance_id, text(outputs, "name")):
            said = tr("skill group {name} is still declared and stays as it is", name=text(outputs, "name"))
            await run.inform(said, urn)
            return

        async def gone() -> bool | None:
            try:
                await run.client.get_skill_group(instance_id, resource_id)
            except NotExists:
                return True
            return None

        await spare_campaigns_of(run, urn, instance_id, {resource_id: text(outputs, "name")})
        try:
            await until_seen(
                lambda: run.client.delete_skill_group(instance_id, resource_id, force=force), gone
            )
        except NotExists:
            return
        except Conflict as error:
            raise CccError(
                tr(
                    "skill group {name} still holds numbers or agents and stays: {detail} Take them out first, or set "
                    "`forceRemoval: true` on it and run `pulumi up` before removing it",
                    name=resource_id,
                    detail=error.detail,
                )
            ) from error

    async def _changed(self, run: Run, group_id: str, found: Row | None, inputs: Bag) -> Bag:
        """Both texts as declared; setting them twice does no harm, so a lost answer is simply asked again."""
        if found is None or _texts(found) != _wanted(inputs):
            instance_id = text(inputs, "instanceId")

            async def look() -> Row | None:
                row = await run.client.get_skill_group(instance_id, group_id)
                return row if _texts(row) == _wanted(inputs) else None

            try:
                found = await until_seen(
                    lambda: run.client.modify_skill_group(instance_id, group_id, *_wanted(inputs)), look
                )
            except NotSeen as error:
                name, description = _texts(await run.client.get_skill_group(instance_id, group_id))
                raise CccError(
                    tr(
                        'skill group {group} was changed, but CCC shows it as "{name}" with the description '
                        '"{description}"; it may take no empty description: declare one, or empty it in the console',
                        group=group_id,
                        name=name,
                        description=description,
                    )
                ) from error
        return inputs | MODEL.live_outputs(found)


async def _listed(run: Run, inputs: Bag, fresh: bool = False) -> Mapping[str, Row]:
    """The instance's groups of the declared medium, by name. CCC lists one medium at a time; numbers need audio."""
    instance_id, media = text(inputs, "instanceId"), _media(inputs)
    if media is MediaType.AUDIO:
        return await run.inventory.skill_groups(instance_id, fresh=fresh)
    return {group.name: group for group in await run.client.list_skill_groups(instance_id, media)}


def _wanted(inputs: Bag) -> tuple[str, str]:
    name, description = (text(inputs, key) for key in _TEXTS)
    return name, description


def _texts(row: Row) -> tuple[str, str]:
    return row.display_name, row.description


def _media(inputs: Bag) -> MediaType:
    return MediaType(text(inputs, "mediaType").lower() or "audio")
