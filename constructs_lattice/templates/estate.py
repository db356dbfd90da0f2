"""An estate: all resources of all stacks, with every property resolved as far as the templates determine it.

Pure: nothing here knows the CDK.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from constructs_lattice.templates.identity import Names, spelled
from constructs_lattice.templates.values import Reference, ResourceId, Text, Unknown, Value

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

    `doubt` is why nothing can be said of it: its condition hangs on what nobody knows, or a macro rewrites it. All its
    properties are then unknown, those that are not declared as well; `declared` has them as they are if it exists.
    """

    id: ResourceId
    type: str
    properties: Mapping[str, Value]
    deployment: Deployment
    path: str = ""
    where: str = ""
    doubt: Unknown | None = None
    declared: Mapping[str, Value] = field(init=False)

    def __post_init__(self) -> None:
        """Nothing that is read of a resource in doubt is known."""
        object.__setattr__(self, "declared", self.properties)
        if self.doubt is not None:
            object.__setattr__(self, "properties", dict.fromkeys(self.properties, self.doubt))

    def get(self, name: str, default: Value = None) -> Value:
        """A property; `default` when it is absent."""
        return self.properties.get(name, default) if self.doubt is None else self.doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """All resources, and what was assumed to get them.

    `placeholders` are blocks that stand for those that only the deployment knows: IPv4 blocks in 0.0.0.0/8 and IPv6
    blocks in 5f00::/16, which no VPC can have. Their sizes and their places within each other are right. What lies in
    one can be compared with what lies in the same one, and with everything (`0.0.0.0/0`, `::/0`); compared with any
    other block, and with another placeholder, the answer is unknown. They stand in the properties of the resources that
    get them, as if they were declared: `CidrBlock` of a VPC, `CidrBlock` and `Ipv6CidrBlock` of a VPCCidrBlock.
    """

    deployments: tuple[Deployment, ...]
    resources: Mapping[ResourceId, Resource]
    placeholders: Mapping[str, Unknown] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    _names: Names = field(default_factory=Names, init=False, repr=False, compare=False)

    def identify(self, value: Value, *types: str) -> Resource | None:
        """The resource that a value names, of one of `types` if there are any.

        The value is a reference to the resource, to its id, ARN, name or endpoint; its ARN, put together of what the
        templates know; or the name that the template gives it. None says that it is not known to be one of them.
        """
        return self._names.identify(self.resources, value, types)

    def spelled(self, value: Value) -> Value:
        """A text in which all ARNs are written out as far as the templates say, and each identifier in one way.

        Two texts that are spelled the same are the same: `Fn::GetAtt` of the ARN of a service, and
        `arn:aws:vpc-lattice:…:service/${Search.Id}` with the region and account of its stack.
        """
        return spelled(self.resources, value) if isinstance(value, Reference | Text) else value

    def find(self, name: str) -> Resource:
        """The resource called `Stack.LogicalId`, `Parent/Child.LogicalId`, or by its construct path.

        Raises `TemplateError`, with the nearest names, when there is none.
        """
        return self._names.find(self.resources, name)

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of these types, such as `AWS::EC2::Subnet`, in the order of the stacks."""
        return [each for each in self.resources.values() if each.type in types]
