"""An estate: all resources of all stacks, with every property resolved as far as the templates determine it.

Pure: nothing here knows the CDK.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from constructs_lattice.templates.values import ResourceId, Unknown, Value

__all__ = ["Deployment", "Estate", "Resource"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployed stack. A nested one is named after its parent and its logical id there: `Platform/Network`.

    The region and the account are unknown for stacks that do not say theirs; all those of one cloud assembly are then
    taken to share them.
    """

    name: str
    region: str | Unknown
    account: str | Unknown
    template: str
    outputs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource that exists.

    `path` is its construct path, such as `Shop/Vpc/Resource`, or empty outside of the CDK. `where` is for messages: the
    file, and the line if it is known.
    """

    id: ResourceId
    type: str
    properties: Mapping[str, Value]
    deployment: Deployment
    path: str = ""
    where: str = ""

    def get(self, name: str, default: Value = None) -> Value:
        """A property; `default` when it is absent."""
        return self.properties.get(name, default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """All resources, and what was assumed to get them.

    `placeholders` are blocks that stand for those that only the deployment knows: IPv4 blocks in 0.0.0.0/8 and IPv6
    blocks in 5f00::/16, which no VPC can have. Their sizes and their places within each other are right. What lies in
    one can be compared with what lies in one, and with everything (`0.0.0.0/0`, `::/0`); compared with any other block
    the answer is unknown.
    """

    deployments: tuple[Deployment, ...]
    resources: Mapping[ResourceId, Resource]
    placeholders: Mapping[str, Unknown] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of these types, such as `AWS::EC2::Subnet`, in the order of the stacks."""
        return [each for each in self.resources.values() if each.type in types]
