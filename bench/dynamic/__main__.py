"""The program of that subject, run by Pulumi: BENCH_COUNT numbers against the endpoint BENCH_HOST.

Written as dynamic providers usually are: each resource makes the calls it needs, when it needs them.
"""

import json
import os
import sys
from typing import Any

import pulumi
from pulumi.dynamic import (
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    ResourceProvider,
)

# Each dynamic resource wraps the pickler once more and never takes that back (pulumi/dynamic/dynamic.py), so that
# the 315th fails with a RecursionError otherwise.
sys.setrecursionlimit(20000 + 20 * int(os.environ["BENCH_COUNT"]))


class NumberProvider(ResourceProvider):
    """Create, read and delete of one number. Pickled into every resource's state."""

    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        import os

        from aliyunsdkcore.client import AcsClient

        self.host = os.environ["BENCH_HOST"]
        self.client = AcsClient("simulator", "simulator", "cn-shanghai")

    def call(self, action: str, **parameters: Any) -> Any:
        from importlib import import_module

        request = getattr(
            import_module(f"aliyunsdkccc.request.v20200701.{action}Request"), f"{action}Request"
        )()
        request.set_endpoint(self.host)
        for key, value in parameters.items():
            request.add_query_param(key, json.dumps(value) if isinstance(value, list) else value)
        return json.loads(self.client.do_action_with_exception(request))

    def create(self, props: dict[str, Any]) -> CreateResult:
        number, instance = props["number"], props["instance"]
        self.call(
            "AddPhoneNumbers",
            InstanceId=instance,
            NumberList=[number],
            Usage=props["usage"],
            ContactFlowId=props["flow"],
        )
        self.call(
            "AddPhoneNumberToSkillGroups",
            InstanceId=instance,
            Number=number,
            SkillGroupIdList=[props["group"]],
        )
        return CreateResult(number, props)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=any(_olds.get(key) != value for key, value in _news.items()))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        answer = self.call(
            "ListPhoneNumbers", InstanceId=props["instance"], SearchPattern=id_, PageNumber=1, PageSize=100
        )
        row = next(row for row in answer["Data"]["List"] if row["Number"] == id_)
        return ReadResult(id_, {**props, "usage": row["Usage"]})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        self.call("RemovePhoneNumbers", InstanceId=_props["instance"], NumberList=[_id], Force=True)


class Number(Resource):
    """One number."""

    number: pulumi.Output[str]

    def __init__(self, number: str, instance: str, flow: str, group: str) -> None:
        super().__init__(
            NumberProvider(),
            number,
            {"number": number, "instance": instance, "usage": "Bidirection", "flow": flow, "group": group},
        )


sys.path.insert(0, os.environ["BENCH_ROOT"])
from bench import world  # noqa: E402

made = [
    Number(number, world.INSTANCE, world.FLOW_ID, world.GROUP_ID)
    for number in world.numbers(int(os.environ["BENCH_COUNT"]))
]
pulumi.export("numbers", [number.number for number in made])
