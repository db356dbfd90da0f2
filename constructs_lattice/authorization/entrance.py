"""How clients get into service networks, and which services are in them.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/how-it-works.html
https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from constructs_lattice.authorization.admission import Admission
from constructs_lattice.authorization.caller import Location, LocationKind
from constructs_lattice.authorization.identifiers import are_same, is_identifier_of
from constructs_lattice.authorization.truth import YES, Truth, all_of, any_of, unknown
from constructs_lattice.model.lattice import Client, Endpoint, Lattice, Service, ServiceNetwork, VpcAssociation
from constructs_lattice.model.symbolic import SymbolicText
from constructs_lattice.model.unknown import Unknown

__all__ = ["Entrance", "NetworkView", "contains", "entrances", "networks"]

_TOO_MANY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkView:
    """A service network: one of the templates, or one that they only name."""

    name: str
    arn: SymbolicText
    network: ServiceNetwork | None = None

    def is_named_by(self, identifier: SymbolicText) -> Truth:
        """Whether an identifier is of this network."""
        if self.network is not None:
            return is_identifier_of(identifier, self.network)
        if isinstance(identifier, Unknown) and not identifier.symbol:
            return YES if identifier is self.arn else unknown(identifier.reason)
        return are_same(identifier, self.arn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """A VPC association or an endpoint: whether it connects a client to a network, and lets the client in.

    One that `is_neighbouring` is in another VPC than the client.
    """

    id: str
    connects: Truth
    admits: Truth
    is_neighbouring: bool = False


def networks(lattice: Lattice) -> list[NetworkView]:
    """All service networks, those that only associations and endpoints name included."""
    found = [NetworkView(name=each.id, arn=each.arn, network=each) for each in lattice.networks.values()]
    identifiers = [
        *(each.network for each in lattice.service_associations),
        *(each.network for each in lattice.vpc_associations),
        *(each.network for each in lattice.endpoints),
    ]
    for identifier in identifiers:
        if not any(view.is_named_by(identifier).is_yes for view in found):
            found.append(NetworkView(name=str(identifier), arn=identifier))
    return found


def contains(lattice: Lattice, view: NetworkView, service: Service) -> Truth:
    """Whether a service is associated with a network."""
    return any_of(
        all_of((is_identifier_of(each.service, service), view.is_named_by(each.network), _exists(each.doubt)))
        for each in lattice.service_associations
    )


def entrances(lattice: Lattice, view: NetworkView, location: Location, port: int) -> list[Entrance]:
    """All ways of a client into a network that are not plainly none."""
    return [each for each in _entrances(lattice, view, location, port) if not each.connects.is_no]


def _entrances(lattice: Lattice, view: NetworkView, location: Location, port: int) -> Iterator[Entrance]:
    client = lattice.clients.get(location.vpc)
    if location.kind is LocationKind.VPC and client:
        only_one = _has_one(lattice, client)
        for association in lattice.vpc_associations:
            yield Entrance(
                id=association.id,
                connects=_connects(association, view, client) & only_one,
                admits=_admits(lattice, association, location, client, port),
            )
    for endpoint in lattice.endpoints:
        around = client or _owner(lattice, endpoint)
        yield Entrance(
            id=endpoint.id,
            connects=_connects(endpoint, view, client),
            admits=_admits(lattice, endpoint, location, around, port),
            is_neighbouring=client is not None and _is_beyond(endpoint, client),
        )


def _has_one(lattice: Lattice, client: Client) -> Truth:
    """Whether a VPC has no more associations than it can have; nobody knows which of several it is."""
    own = [
        each.id
        for each in lattice.vpc_associations
        if each.doubt is None and are_same(each.vpc, client.physical_id).is_yes
    ]
    if len(own) < _TOO_MANY:
        return YES
    return unknown(f"{client.id} has the associations {' and '.join(own)}, and can only have one")


def _connects(entrance: VpcAssociation | Endpoint, view: NetworkView, client: Client | None) -> Truth:
    """Whether it is an entrance to a network for clients in, or next to, a VPC; in any VPC if there is none."""
    near = _is_near(entrance, client) if client else YES
    return all_of((near, view.is_named_by(entrance.network), _exists(entrance.doubt)))


def _is_near(entrance: VpcAssociation | Endpoint, client: Client) -> Truth:
    """Whether it is in the VPC, or, for an endpoint, where routes from the VPC may lead."""
    own = are_same(entrance.vpc, client.physical_id)
    if isinstance(entrance, Endpoint) and _is_beyond(entrance, client):
        return unknown(f"whether {entrance.id} is reached from {client.id} is a matter of routes")
    return own


def _is_beyond(endpoint: Endpoint, client: Client) -> bool:
    """Whether an endpoint is in another VPC, where routes may lead."""
    own = are_same(endpoint.vpc, client.physical_id)
    return not own.is_yes and any(are_same(endpoint.vpc, each).is_yes for each in client.neighbours)


def _admits(
    lattice: Lattice, entrance: VpcAssociation | Endpoint, location: Location, client: Client | None, port: int
) -> Truth:
    if entrance.groups == () and isinstance(entrance, VpcAssociation):
        return YES
    own = tuple(each.physical_id for each in lattice.groups if each.id in location.security_groups)
    return Admission(lattice=lattice, kind=location.kind, client=client, port=port, own=own).through(entrance.groups)


def _owner(lattice: Lattice, endpoint: Endpoint) -> Client | None:
    owners = [each for each in lattice.clients.values() if are_same(endpoint.vpc, each.physical_id).is_yes]
    return owners[0] if owners else None


def _exists(doubt: Unknown | None) -> Truth:
    return unknown(doubt.reason) if doubt else YES
