"""VPC Lattice services as ends of connections.

LAT-1: a client reaches a service if its VPC is associated with a service network that the service is in, or through a
service network endpoint. LAT-4: targets see addresses of VPC Lattice, never those of clients.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from constructs_lattice.model.block import LATTICE, Block
from constructs_lattice.model.mesh import MeshAssociation, MeshListener, MeshService
from constructs_lattice.model.ranges import Ranges, intersect
from constructs_lattice.model.services import EndpointKind, VpcEndpoint
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface
from constructs_lattice.reachability.answer import Answer, any_of, reachable, unknown, unreachable
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.ends import End, Host
from constructs_lattice.reachability.flow import TCP
from constructs_lattice.reachability.handover import Handover
from constructs_lattice.reachability.offers import Offer, doubtful
from constructs_lattice.reachability.parties import may_be_at
from constructs_lattice.reachability.reason import Hop, Reason
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["Mesh", "may_join"]


class Mesh:
    """Answers about the VPC Lattice services of one network."""

    def __init__(self, connections: Connections, handover: Handover) -> None:
        self._connections = connections
        self._handover = handover
        self._network = connections.network

    def to_service(self, client: End, service: MeshService, wanted: Wanted) -> Answer:
        """Whether a service takes a connection: whether the client gets there, and there is a listener."""
        if wanted.protocol != TCP:
            return unreachable(Reason("LAT-1", service.id, "services of VPC Lattice take TCP only"))
        answers = [unknown(Reason("LAT-1", service.id, each.reason)) for each in service.doubts]
        for listener in service.listeners:
            if isinstance(listener.port, Unknown):
                answers.append(unknown(Reason("LAT-11", listener.id, listener.port.reason)))
            elif (at := wanted.at(listener.port)) is not None:
                text = "the client's VPC is connected to no service network that the service is in"
                answers.append(any_of(self._ways(client, service, at), Reason("LAT-1", service.id, text)))
        return any_of(answers, Reason("LAT-11", service.id, "it has no listener on this port"))

    def _ways(self, client: End, service: MeshService, wanted: Wanted) -> Iterator[Answer]:
        """By the associations of the client's VPC, and by endpoints of the service networks."""
        if isinstance(client, Host):
            vpc = self._network.subnets[client.interface.subnet].vpc
            for association in self._network.mesh_associations:
                if not may_join(association, vpc, service.service_networks):
                    continue
                for doubt in association.doubts:
                    yield unknown(Reason("LAT-1", association.id, doubt.reason))
                if not association.doubts:
                    yield self._handover.to_mesh(client.interface, LATTICE[wanted.version], wanted, association)
        for endpoint in self._network.endpoints.values():
            if isinstance(endpoint.kind, Unknown):
                yield unknown(Reason("EP-7", endpoint.id, endpoint.kind.reason))
            if endpoint.kind is not EndpointKind.SERVICE_NETWORK:
                continue
            if endpoint.id in self._network.unplaced and _may_lead_to(endpoint, service.service_networks):
                yield unknown(Reason("RES-6", endpoint.id, self._network.unplaced[endpoint.id].reason))
            if isinstance(endpoint.service, Unknown):
                yield unknown(Reason("LAT-1", endpoint.id, endpoint.service.reason))
            elif endpoint.service in service.service_networks:
                for id_ in endpoint.interfaces:
                    yield self._connections.answer(client, Host(self._network.interfaces[id_]), wanted)

    def in_network(self, service_network: str) -> Iterator[Offer]:
        """What all services in a service network take, for those who have got there by an endpoint of it."""
        for service in self._network.mesh_services.values():
            if service_network not in service.service_networks:
                for each in service.doubts:
                    yield doubtful(Reason("LAT-1", service.id, each.reason), (TCP,))
                continue
            for listener in service.listeners:
                if isinstance(listener.port, Unknown):
                    yield doubtful(Reason("LAT-11", listener.id, listener.port.reason), (TCP,))
                else:
                    ports: Ranges = ((listener.port, listener.port),)
                    yield Offer((TCP,), ports, partial(_taken, service, listener))

    def from_service(self, service: MeshService, server: Interface, wanted: Wanted) -> Answer:
        """Whether a registered target takes connections from VPC Lattice on its port."""
        name = server.owners[0] if server.owners else server.id
        if wanted.protocol != TCP:
            return unreachable(Reason("LAT-4", service.id, "VPC Lattice opens TCP connections only"))
        answers = [
            unknown(Reason("LAT-4", listener.id, doubt.reason))
            for listener in service.listeners
            for doubt in listener.doubts
        ]
        answers += [
            answer
            for listener in service.listeners
            for group in listener.groups
            for answer in self._to_target(group, server, wanted)
        ]
        return any_of(answers, Reason("LAT-4", service.id, f"{name} is not registered with it on this port"))

    def _to_target(self, group_id: str, server: Interface, wanted: Wanted) -> Iterator[Answer]:
        group = self._network.mesh_groups.get(group_id)
        if group is None:
            yield unknown(Reason("LAT-4", group_id, "the target group is not in the templates"))
            return
        for doubt in group.doubts:
            yield unknown(Reason("LAT-4", group.id, doubt.reason))
        if not group.targets and not group.doubts:
            text = "nobody is registered with it in the templates, and somebody may be later"
            yield unknown(Reason("LAT-4", group.id, text))
        for target in group.targets:
            if target.doubt is not None:
                yield unknown(Reason("LAT-4", group.id, target.doubt.reason))
            elif may_be_at(target.address, server):
                text = f"whether {server.id} is at {target.address} is not known"
                yield unknown(Reason("LAT-4", group.id, text))
            elif target.owner in server.owners or _is_at(target.address, server):
                if isinstance(target.port, Unknown):
                    yield unknown(Reason("LAT-4", group.id, target.port.reason))
                elif (at := wanted.at(target.port)) is not None:
                    yield self._handover.from_mesh(LATTICE[wanted.version], server, at, group.id)


def _may_lead_to(endpoint: VpcEndpoint, service_networks: Sequence[str]) -> bool:
    return isinstance(endpoint.service, Unknown) or endpoint.service in service_networks


def may_join(association: MeshAssociation, vpc: str, service_networks: Sequence[str]) -> bool:
    """Whether an association may be that of a VPC with one of some service networks, for all that is known."""
    return association.vpc in (vpc, "") and association.service_network in (*service_networks, "")


def _is_at(address: str, server: Interface) -> bool:
    """Whether an interface is known to have an address."""
    if not address:
        return False
    block = Block.of(address)
    return block.version in server.settled and bool(intersect(block.ranges, server.addresses(block.version)))


def _taken(service: MeshService, listener: MeshListener, _: Interface | None, __: Wanted) -> Answer:
    return reachable("", (Hop(service.id, f"takes it at {listener.id}"),))
