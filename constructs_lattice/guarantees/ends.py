"""What the names in guarantees mean: ends of connections, in one estate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches

from constructs_lattice.errors import GuaranteeError
from constructs_lattice.model.block import Block
from constructs_lattice.model.network import Network
from constructs_lattice.model.vpc import InterfaceKind
from constructs_lattice.reachability.parties import Addresses, OnPremises, Owner, Party, TheInternet
from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.values import Value

__all__ = ["Ends"]

_GROUP_NAME_TAG = "aws-cdk:subnet-name"
_BLOCKS: dict[str, type[Addresses] | type[OnPremises]] = {"ip": Addresses, "cidr": Addresses, "onprem": OnPremises}
_WORDS = {"internet": TheInternet(4), "internet6": TheInternet(6)}


class Ends:
    """Finds the ends that names mean."""

    def __init__(self, estate: Estate, network: Network) -> None:
        self._estate = estate
        self._network = network

    def find(self, where: str, name: str) -> Party:
        """The end of that name.

        Raises `GuaranteeError`, with `where` and the nearest name, when there is none.
        """
        if name in _WORDS:
            return _WORDS[name]
        kind, colon, rest = name.partition(":")
        if colon and kind in _BLOCKS:
            return _BLOCKS[kind](_block(where, name, rest, one=kind == "ip"))
        if colon and kind == "tier":
            return self._tier(where, name, rest)
        if colon and kind == "tag":
            return self._tagged(where, name, rest)
        return Owner(str(self._resource(where, name).id))

    def id(self, where: str, name: str, type_: str = "") -> str:
        """The id of a resource by its name, or by the path of a construct that has one of that type in it."""
        return str(self._resource(where, name, type_).id)

    def resource(self, where: str, name: str, kinds: Iterable[Collection[str]]) -> Resource:
        """The resource of that name; or, of those in the construct of that path, the one of the first kind there is.

        A kind is some types. Raises `GuaranteeError`, with `where`, when there is none, or are several.
        """
        types = [each.type for each in self._inside(name)]
        kind = next((kind for kind in kinds if any(each in kind for each in types)), ())
        return self._one(where, name, lambda each: each.type in kind)

    def _resource(self, where: str, name: str, type_: str = "") -> Resource:
        """The resource of that name; or the one that can be meant by the path of a construct around it."""
        return self._one(where, name, lambda each: each.type == type_ if type_ else self._can_be_asked(each))

    def _inside(self, name: str) -> list[Resource]:
        return [each for each in self._estate.resources.values() if each.path.startswith(f"{name}/")]

    def _one(self, where: str, name: str, fits: Callable[[Resource], bool]) -> Resource:
        try:
            return self._estate.find(name)
        except ValueError as error:
            fitting = [each for each in self._inside(name) if fits(each)]
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                names = ", ".join(each.path for each in fitting[:4])
                raise GuaranteeError(f"{where}: {name!r} holds several; name one of {names}") from None
            raise GuaranteeError(f"{where}: {error}") from None

    def _can_be_asked(self, resource: Resource) -> bool:
        """Whether a resource is an end of connections."""
        id_, network = str(resource.id), self._network
        services = (network.load_balancers, network.endpoints, network.mesh_services, network.mesh_resources)
        return any(id_ in each for each in services) or any(
            id_ in each.owners for each in network.interfaces.values() if each.kind is not InterfaceKind.NAT_GATEWAY
        )

    def _tier(self, where: str, name: str, rest: str) -> Party:
        """All interfaces in the subnets of a tier, which the CDK tags with its name."""
        vpc_name, slash, tier = rest.rpartition("/")
        if not slash:
            raise GuaranteeError(f"{where}: a tier is named tier:Stack.Vpc/app, got {name!r}")
        vpc = str(self._resource(where, vpc_name, "AWS::EC2::VPC").id)
        tiers = {
            str(each.id): tags[_GROUP_NAME_TAG]
            for each in self._estate.of_type("AWS::EC2::Subnet")
            if (tags := tags_of(each)).get(_GROUP_NAME_TAG) and self._is_in(str(each.id), vpc)
        }
        if tier not in tiers.values():
            raise GuaranteeError(f"{where}: {vpc} has no tier {tier!r}{_nearest(tier, tiers.values())}")
        subnets = {id_ for id_, own in tiers.items() if own == tier}
        inside = [
            each.id
            for each in self._network.interfaces.values()
            if each.subnet in subnets and each.kind is not InterfaceKind.NAT_GATEWAY
        ]
        return Owner(name, tuple(inside), tuple(sorted(subnets)))

    def _is_in(self, subnet: str, vpc: str) -> bool:
        return subnet in self._network.subnets and self._network.subnets[subnet].vpc == vpc

    def _tagged(self, where: str, name: str, rest: str) -> Party:
        """All interfaces of the resources with a tag."""
        key, equals, value = rest.partition("=")
        if not equals:
            raise GuaranteeError(f"{where}: a tag is named tag:Key=Value, got {name!r}")
        owners = {str(each.id) for each in self._estate.resources.values() if tags_of(each).get(key) == value}
        if not owners:
            keys = sorted({f"{k}={v}" for each in self._estate.resources.values() for k, v in tags_of(each).items()})
            raise GuaranteeError(f"{where}: no resource has the tag {rest!r}{_nearest(rest, keys)}")
        inside = [each.id for each in self._network.interfaces.values() if owners & set(each.owners)]
        return Owner(name, tuple(inside), ())


def tags_of(resource: Resource) -> dict[str, str]:
    """The tags of a resource that are known."""
    tags: Value = resource.get("Tags")
    pairs = tags if isinstance(tags, list) else []
    found = {str(each.get("Key")): each.get("Value") for each in pairs if isinstance(each, dict)}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _block(where: str, name: str, text: str, *, one: bool = False) -> Block:
    try:
        block = Block.of(text)
    except ValueError:
        raise GuaranteeError(f"{where}: {name!r} has no {'address' if one else 'block'} in it") from None
    if one and block.network.num_addresses > 1:
        raise GuaranteeError(f"{where}: {name!r} is a block; write cidr:{text}")
    return block


def _nearest(name: str, known: Iterable[str]) -> str:
    names = sorted(set(known))
    near = get_close_matches(name, names, 1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; there are {', '.join(names[:8])}" if names else ""
