"""The answer of `pulumi preview --json` and `pulumi refresh --preview-only --json`: a step for each resource."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ccc_numbers.fleet.engine.resources import urn_name, urn_type
from ccc_numbers.fleet.errors import FleetError


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class ResourceState(_Wire):
    """A resource before or after a step; inputs and outputs by property, as the wire has them."""

    inputs: dict[str, object] = Field(default_factory=dict)
    outputs: dict[str, object] = Field(default_factory=dict)


class PreviewStep(_Wire):
    """What the engine would do to one resource. `op` is its own word: `same`, `create`, `update`, `delete`, …"""

    op: str
    urn: str
    old_state: ResourceState = ResourceState()
    new_state: ResourceState = ResourceState()
    detailed_diff: dict[str, object] | None = None
    diff_reasons: list[str] | None = None

    @property
    def type(self) -> str:
        return urn_type(self.urn)

    @property
    def name(self) -> str:
        return urn_name(self.urn)

    @property
    def fields(self) -> frozenset[str]:
        """The properties that differ."""
        return frozenset(path.partition("[")[0] for path in self.detailed_diff or self.diff_reasons or ())


class _Preview(_Wire):
    steps: tuple[PreviewStep, ...] = ()


def preview_steps(answer: str, verb: str) -> tuple[PreviewStep, ...]:
    """The steps in what `pulumi VERB` printed, whatever stands before the JSON. Raises FleetError."""
    try:
        return _Preview.model_validate_json(answer[answer.index("{") :]).steps
    except (ValueError, ValidationError):
        raise FleetError(f"pulumi {verb} did not answer the JSON expected of it") from None
