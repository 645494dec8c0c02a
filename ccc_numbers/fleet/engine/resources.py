"""Resources as the engine names them, and as the CLI shows them in JSON: steps of a preview, contents of a state."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.messages.language import tr

NUMBER = "ccc:index:PhoneNumber"
GROUP = "ccc:index:SkillGroup"
FLOW = "ccc:index:ContactFlow"
ROSTER = "ccc:index:InstanceRoster"
LATCH = "ccc:index:InstanceLatch"
ORDER = "ccc:index:VendorOrder"
COMPONENT = "ccc:components:InstanceNumbers"
PROVIDER = "pulumi:providers:ccc"
_BOOKKEEPING = ("pulumi:pulumi:", "pulumi:providers:", "ccc:components:")


def urn_type(urn: str) -> str:
    """`urn:pulumi:dev::project::parent$ccc:index:PhoneNumber::name` is a `ccc:index:PhoneNumber`; "" for anything else."""
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2] if len(parts) == 4 else ""


def urn_name(urn: str) -> str:
    """The logical name at its end, which may itself hold `::`."""
    return urn.split("::", 3)[-1]


def short_type(type_: str) -> str:
    """A type without its package: `PhoneNumber`."""
    return type_.rpartition(":")[2]


def is_bookkeeping(type_: str) -> bool:
    """Whether a resource of this type is not a number, flow, group or order."""
    return type_.startswith(_BOOKKEEPING) or type_ in (ROSTER, LATCH)


class Wire(BaseModel):
    """Something that Pulumi writes, with its keys in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class Resource(Wire):
    urn: str

    @property
    def type(self) -> str:
        return urn_type(self.urn)

    @property
    def name(self) -> str:
        return urn_name(self.urn)


class ResourceState(Wire):
    """A resource before or after a step; inputs and outputs by property, as the wire has them."""

    inputs: dict[str, object] = Field(default_factory=dict)
    outputs: dict[str, object] = Field(default_factory=dict)


class PreviewStep(Resource):
    """What the engine would do to one resource. `op` is its own word: `same`, `create`, `update`, `delete`, …"""

    op: str
    old_state: ResourceState = ResourceState()
    new_state: ResourceState = ResourceState()
    detailed_diff: dict[str, object] | None = None
    diff_reasons: list[str] | None = None

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(path.partition("[")[0] for path in self.detailed_diff or self.diff_reasons or ())


class _Preview(Wire):
    steps: tuple[PreviewStep, ...] = ()


def preview_steps(answer: str, verb: str) -> tuple[PreviewStep, ...]:
    """The steps in what `pulumi VERB` printed, whatever is before the JSON. Raises FleetError."""
    try:
        return _Preview.model_validate_json(answer[answer.index("{") :]).steps
    except (ValueError, ValidationError):
        raise FleetError(tr("pulumi {verb} did not answer the JSON expected of it", verb=verb)) from None


class StateResource(Resource):
    """A resource as the state holds it."""

    taint: bool = False
    protect: bool = False


class _Deployment(Wire):
    resources: tuple[StateResource, ...] | None = None


class _Export(Wire):
    deployment: _Deployment | None = None


def state_resources(answer: str) -> tuple[StateResource, ...]:
    """The resources in what `pulumi stack export` printed. Raises FleetError."""
    try:
        deployment = _Export.model_validate_json(answer).deployment
    except ValidationError:
        raise FleetError(tr("pulumi stack export did not answer the JSON expected of it")) from None
    return deployment.resources or () if deployment else ()
