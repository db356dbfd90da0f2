"""Who calls a VPC Lattice service, and from where: what the callers of guarantees mean, in one estate."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees.ends import Ends
from constructs_lattice.guarantees.entries import Caller
from constructs_lattice.guarantees.names import Anonymous
from constructs_lattice.model.network import Network
from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.network.reader import within
from constructs_lattice.templates.read_roles import HAVING_ROLES, role_of
from constructs_lattice.templates.values import Unknown

__all__ = ["Callers"]

_VPC, _IDENTITIES = "AWS::EC2::VPC", ("AWS::IAM::Role", "AWS::IAM::User")
_GROUP = "AWS::EC2::SecurityGroup"
_GROUPS = {
    "AWS::Lambda::Function": ("VpcConfig", "SecurityGroupIds"),
    "AWS::ECS::Service": ("NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"),
}
_ONPREM, _PEERED, _ANYWHERE, _VPC_ID = "onprem", "peered:", "anywhere", "vpc-"


class Callers:
    """Finds the VPC and the principal of callers. `vpcs` are all that clients can be in."""

    def __init__(self, estate: Estate, network: Network, ends: Ends, vpcs: Collection[str]) -> None:
        self._estate = estate
        self._network = network
        self._ends = ends
        self._vpcs = vpcs

    def found(self, where: str, caller: Caller) -> dict[str, Any]:
        """The content of a caller, with ids instead of names.

        Raises `GuaranteeError`, with `where`, when it names what is not there, or leaves open where it calls from.
        """
        content, is_somewhere = self.wherever(where, caller)
        return content if is_somewhere else content | {"vpc": self._only_vpc(where, content["principal"])}

    def wherever(self, where: str, caller: Caller) -> tuple[dict[str, Any], bool]:
        """The same, and whether it says where it calls from; `anywhere` if it does not."""
        content: dict[str, Any] = caller.model_dump(exclude_none=True, exclude={"from_"})
        said = [self._ends.id(where, each, _GROUP) for each in caller.security_groups or ()]
        content["security_groups"] = said or self._groups(where, caller)
        vpc, principal = self._of_source(where, caller.from_) if caller.from_ else (None, None)
        if caller.principal is not None:
            principal = self._principal(where, caller.principal)
        if caller.vpc is not None:
            vpc = self._location(where, caller.vpc)
        return content | {"vpc": vpc or _ANYWHERE, "principal": principal or Anonymous}, vpc is not None

    def _groups(self, where: str, caller: Caller) -> list[str]:
        """The security groups of what calls from where it is; none if they are not known."""
        if caller.from_ is None or caller.vpc is not None or caller.from_.startswith((_PEERED, _VPC_ID, "arn:")):
            return []
        if caller.from_ in (_ONPREM, Anonymous):
            return []
        source = str(self._source(where, caller.from_).id)
        found = [each for each in self._network.interfaces.values() if source in each.owners]
        sets = {() if each.unknown_groups else each.groups or () for each in found}
        groups = sets.pop() if len(sets) == 1 else ()
        own = {str(each.id) for each in self._estate.of_type(_GROUP)}
        return list(groups) if own.issuperset(groups) else []

    def words(self, where: str, caller: Caller, *, is_anywhere: bool = False) -> str:
        """Who calls from where: by the names that are given, and the ids of what follows from them."""
        found = self.wherever(where, caller)[0] if is_anywhere else self.found(where, caller)
        vpc = caller.vpc or ("any VPC" if found["vpc"] == _ANYWHERE else found["vpc"])
        principal = caller.principal or found["principal"]
        own_vpc, own_principal = self._of_source(where, caller.from_) if caller.from_ else (None, None)
        if caller.from_ and own_vpc and own_principal:
            return f"{caller.from_} as {principal} from {vpc}"
        if caller.from_ and own_principal:
            return f"{caller.principal or caller.from_} from {vpc}"
        return f"{principal} from {caller.vpc or (caller.from_ if own_principal is None else vpc)}"

    def _of_source(self, where: str, name: str) -> tuple[str | None, str | None]:
        """The VPC and the principal that something which calls comes with; nothing where it leaves them open."""
        if name == _ONPREM or name.startswith((_PEERED, _VPC_ID)):
            return self._location(where, name), None
        if name == Anonymous or name.startswith("arn:"):
            return None, name
        source = self._source(where, name)
        if source.type == _VPC:
            return str(source.id), None
        if source.type in _IDENTITIES:
            return None, str(source.id)
        vpcs = self._vpcs_of(source)
        if len(vpcs) > 1:
            raise GuaranteeError(f"{where}: {name!r} is in {' and '.join(vpcs)}; name one of them as vpc")
        return (vpcs[0] if vpcs else None), self._role(where, source)

    def _source(self, where: str, name: str) -> Resource:
        return self._ends.resource(where, name, (HAVING_ROLES, _IDENTITIES, (_VPC,)))

    def _principal(self, where: str, name: str) -> str:
        if name == Anonymous or name.startswith("arn:"):
            return name
        found = self._ends.resource(where, name, (_IDENTITIES, HAVING_ROLES))
        return str(found.id) if found.type not in HAVING_ROLES else self._role(where, found)

    def _role(self, where: str, resource: Resource) -> str:
        """The role of something that runs code; what has none signs nothing."""
        role = role_of(self._estate, resource)
        if isinstance(role, Unknown):
            raise GuaranteeError(f"{where}: nobody knows the role of {resource.id}: {role.reason}; name a principal")
        if role is None:
            return Anonymous
        return role if isinstance(role, str) else str(role.id)

    def _location(self, where: str, name: str) -> str:
        if name == _ONPREM or name.removeprefix(_PEERED).startswith(_VPC_ID):
            return name
        prefix = _PEERED if name.startswith(_PEERED) else ""
        return prefix + self._ends.id(where, name.removeprefix(prefix), _VPC)

    def _only_vpc(self, where: str, principal: str) -> str:
        """The VPC that a principal calls from: that of what has the role, else the only one there is."""
        vpcs = sorted(set(self._homes(principal))) or list(self._vpcs)
        if len(vpcs) == 1:
            return vpcs[0]
        if not vpcs:
            raise GuaranteeError(f"{where}: the templates have no vpc that {principal} can call from")
        raise GuaranteeError(f"{where}: {principal} may call from several places; name {' or '.join(vpcs)} as vpc")

    def _homes(self, principal: str) -> Iterator[str]:
        """The VPCs of what has a role."""
        for each in self._estate.of_type(*HAVING_ROLES):
            role = role_of(self._estate, each)
            if isinstance(role, Resource) and str(role.id) == principal:
                yield from self._vpcs_of(each)

    def _vpcs_of(self, resource: Resource) -> list[str]:
        """The VPCs of what runs code: those of its subnets, else the one of its security groups."""
        owned = (each for each in self._network.interfaces.values() if str(resource.id) in each.owners)
        if found := sorted({self._network.subnets[each.subnet].vpc for each in owned}):
            return found
        listed = within(dict(resource.properties), *_GROUPS.get(resource.type, ("SecurityGroupIds",)))
        groups = [self._estate.identify(each, _GROUP) for each in (listed if isinstance(listed, list) else [])]
        vpcs = {group.get("VpcId") for group in groups if group is not None}
        return sorted(each for each in vpcs if isinstance(each, str) and each in self._vpcs)
