"""The ids and blocks of a VPC as outputs of its stack: by tier, then by zone."""

import json
import re
from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from constructs_lattice._checks import Place, check_pattern
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.attributes import VpcAttributes
from constructs_lattice.vpc.interface import VpcInterface

__all__ = ["VpcOutputs"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,99}")


class VpcOutputs(LatticeConstruct):
    """Puts out a VPC of tiers: one output for the VPC, and one for each tier, each an object of JSON.

    The names of the outputs follow from `name` and from those of the tiers: `ShopVpc`, `ShopTierApp`. They are for
    people and pipelines; `VpcOutputs.read` makes attributes of them again, in another account as well.

    Args:
        scope: The construct that these outputs are part of.
        id: The id within `scope`.
        vpc: The VPC, one of ours.
        name: What the names of the outputs begin with: a letter, then letters and digits.

    Raises:
        ArgumentError: The name is none, or two tiers would have outputs of one name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
    """

    def __init__(self, scope: Construct, id: str, *, vpc: VpcInterface[Any, Any], name: str) -> None:
        where = Place(scope, id)
        check_pattern(where, "name", name, _NAME, "be a letter, then letters and digits")
        names: dict[str, str] = {}
        for tier in vpc.tiers:
            if (other := names.setdefault(_tier_output(name, tier.name), tier.name)) != tier.name:
                raise ArgumentError(
                    f"{where}: tiers {other!r} and {tier.name!r} would have outputs of one name, since CloudFormation "
                    "wants letters and digits; rename one of them"
                )
        super().__init__(scope, id)
        data = vpc.attributes.as_dict()
        tiers: dict[str, Any] = data.pop("tiers")
        self._add("Vpc", f"{name}Vpc", data | {"tiers": list(tiers)})
        for tier, fields in tiers.items():
            self._add(f"Tier-{tier}", _tier_output(name, tier), fields)

    @staticmethod
    def read(outputs: Mapping[str, str], name: str) -> VpcAttributes:
        """The attributes of the VPC that was put out under `name`; `outputs` are those of its stack, once deployed.

        `cdk deploy --outputs-file` writes them, by stack. Raises `ArgumentError` when one is missing or is no such
        output, and as `VpcAttributes.from_dict` does.
        """
        vpc = _object(outputs, f"{name}Vpc")
        tiers = vpc.get("tiers")
        if not isinstance(tiers, list):
            raise ArgumentError(f"outputs: {name}Vpc must have a list of tiers, got {tiers!r}")
        return VpcAttributes.from_dict(
            vpc | {"tiers": {str(tier): _object(outputs, _tier_output(name, str(tier))) for tier in tiers}}
        )

    def _add(self, id: str, name: str, value: Mapping[str, Any]) -> None:
        output = CfnOutput(self, id, value=Stack.of(self).to_json_string(value))
        output.override_logical_id(name)


def _tier_output(name: str, tier: str) -> str:
    return f"{name}Tier{''.join(word.title() for word in tier.split('-'))}"


def _object(outputs: Mapping[str, str], output: str) -> dict[str, Any]:
    if output not in outputs:
        known = ", ".join(sorted(outputs)) or "none"
        raise ArgumentError(f"outputs: there is no output {output!r}; the outputs are {known}")
    try:
        value = json.loads(outputs[output])
    except (TypeError, ValueError):
        value = None
    if not isinstance(value, dict):
        raise ArgumentError(f"outputs: {output} must be an object of JSON, got {outputs[output]!r}")
    return value
