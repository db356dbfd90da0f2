"""Resource configurations of VPC Lattice as ends of connections.

LAT-9: no policy is asked. A client gets in by an endpoint or by an association of its VPC, on the ports of the resource
configuration only. The resource gateway connects to the resource from an interface of its own: its groups judge what it
opens, and the resource sees its address, never the client's.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/resource-gateway.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from constructs_lattice.model.block import Block, ranges_of
from constructs_lattice.model.mesh import MeshResource
from constructs_lattice.model.services import EndpointKind
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface
from constructs_lattice.reachability.alternatives import combined
from constructs_lattice.reachability.answer import Answer, Verdict, all_of, any_of, each_of, unknown, unreachable
from constructs_lattice.reachability.ends import End, Host
from constructs_lattice.reachability.findings import without_address
from constructs_lattice.reachability.flow import TCP
from constructs_lattice.reachability.handover import Handover
from constructs_lattice.reachability.load_balancing import LoadBalancing
from constructs_lattice.reachability.mesh import may_join
from constructs_lattice.reachability.offers import Offer, Taking, doubtful
from constructs_lattice.reachability.parties import hosts_at, in_lost_subnet
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.state import same_zone
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["Resources"]

_BY_ASSOCIATION = {4: ranges_of("129.224.0.0/17")}
"""The addresses of resources in VPCs that are associated with their service network."""


class Resources:
    """Answers about the resource configurations of one network."""

    def __init__(self, taking: Taking, handover: Handover, balancing: LoadBalancing) -> None:
        self._connections = taking.connections
        self._handover = handover
        self._balancing = balancing
        self._taking = taking
        self._network = taking.connections.network

    def to_resource(self, client: End, resource: MeshResource, wanted: Wanted) -> Answer:
        """Whether a client gets to a resource through VPC Lattice, by any of the ways that its VPC has."""
        if wanted.protocol != TCP:
            return unreachable(Reason("LAT-9", resource.id, "resource configurations take TCP only"))
        offers = list(self.offers(resource))
        if not any(True for each in offers for _ in self._taking.alike(each, wanted)):
            return unreachable(Reason("LAT-9", resource.id, "it takes no connections on this port"))
        text = "the client's VPC has no endpoint for it, and is connected to no service network that it is in"
        return any_of(self._ways(client, resource, offers, wanted), Reason("LAT-9", resource.id, text))

    def offers(self, resource: MeshResource) -> Iterator[Offer]:
        """What a resource configuration leads to; a group, what all its parts do."""
        if resource.is_group:
            for each in resource.unknown_children:
                yield doubtful(Reason("EP-7", resource.id, each.reason), (TCP,))
            for child in resource.children:
                yield from self.offers(self._network.mesh_resources[child])
        elif isinstance(resource.ports, Unknown):
            yield doubtful(Reason("EP-7", resource.id, resource.ports.reason), (TCP,))
        else:
            yield Offer((TCP,), resource.ports, partial(self._lead_on, resource))

    def in_network(self, service_network: str) -> Iterator[Offer]:
        """What all resource configurations in a service network lead to."""
        for each in self._network.mesh_resources.values():
            if service_network in each.service_networks:
                yield from self.offers(each)
            else:
                yield from (doubtful(Reason("LAT-1", each.id, doubt.reason), (TCP,)) for doubt in each.doubts)

    # Ways in

    def _ways(self, client: End, resource: MeshResource, offers: list[Offer], wanted: Wanted) -> Iterator[Answer]:
        groups = [each.id for each in self._network.mesh_resources.values() if resource.id in each.children]
        named = (resource.id, *groups, *resource.service_networks)
        for endpoint in self._network.endpoints.values():
            if isinstance(endpoint.kind, Unknown):
                yield unknown(Reason("EP-7", endpoint.id, endpoint.kind.reason))
            if endpoint.kind not in (EndpointKind.RESOURCE, EndpointKind.SERVICE_NETWORK):
                continue
            if endpoint.id in self._network.unplaced:
                yield unknown(Reason("RES-6", endpoint.id, self._network.unplaced[endpoint.id].reason))
            if isinstance(endpoint.service, Unknown):
                through = [doubtful(Reason("EP-7", endpoint.id, endpoint.service.reason), (TCP,))]
            elif endpoint.service in named:
                through = offers
            elif endpoint.kind is EndpointKind.RESOURCE and isinstance(resource.gateway, Unknown):
                through = [doubtful(Reason("EP-7", resource.id, resource.gateway.reason), (TCP,))]
            elif endpoint.kind is EndpointKind.SERVICE_NETWORK:
                through = [doubtful(Reason("LAT-1", resource.id, each.reason), (TCP,)) for each in resource.doubts]
            else:
                continue
            for id_ in endpoint.interfaces:
                yield from self._taking.at_interface(client, self._network.interfaces[id_], through, wanted)
        if isinstance(client, Host):
            yield from self._by_association(client, resource, offers, wanted)

    def _by_association(
        self, client: Host, resource: MeshResource, offers: list[Offer], wanted: Wanted
    ) -> Iterator[Answer]:
        vpc = self._network.subnets[client.interface.subnet].vpc
        for association in self._network.mesh_associations:
            if not may_join(association, vpc, resource.service_networks):
                if resource.doubts and association.vpc in (vpc, ""):
                    yield unknown(*(Reason("LAT-1", resource.id, each.reason) for each in resource.doubts))
                continue
            if association.doubts:
                yield unknown(*(Reason("LAT-1", association.id, each.reason) for each in association.doubts))
            elif not client.interface.addresses(wanted.version):
                yield without_address(client, wanted.version)
            elif wanted.version not in _BY_ASSOCIATION:
                text = f"over IPv{wanted.version}, the addresses of resources are not documented"
                yield unknown(Reason("LAT-9", association.id, text))
            else:
                for offer in offers:
                    for at in self._taking.alike(offer, wanted):
                        addresses = _BY_ASSOCIATION[wanted.version]
                        taken = self._handover.to_mesh(client.interface, addresses, at, association)
                        yield all_of([taken, offer.lead_on(None, at)])

    # And on

    def _lead_on(self, resource: MeshResource, entry: Interface | None, wanted: Wanted) -> Answer:
        """From the resource gateway to the resource."""
        for doubt in (resource.gateway, resource.owner):
            if isinstance(doubt, Unknown):
                return unknown(Reason("EP-7", resource.id, doubt.reason))
        gateways = [each for each in self._network.interfaces.values() if resource.gateway in each.owners]
        if not gateways:
            text = "the interfaces of its resource gateway are not in the templates"
            return unknown(Reason("EP-7", resource.id, text))
        which = Reason("EP-7", str(resource.gateway), "which of its interfaces is taken is not known")
        answer = each_of([self._from_gateway(each, resource, wanted) for each in gateways], which)
        doubts = [] if entry is None else list(self._apart(entry, gateways))
        return unknown(*doubts) if doubts and answer.verdict is Verdict.REACHABLE else answer

    def _apart(self, entry: Interface, gateways: list[Interface]) -> Iterator[Reason]:
        """What AWS does not promise to work: no zone in common, or the same VPC."""
        home, subnets = self._network.subnets[entry.subnet], self._network.subnets
        if not any(same_zone(home.zone, subnets[each.subnet].zone) for each in gateways):
            yield Reason(
                "EP-5", entry.id, "whether its zone is one of the resource gateway's is not known, or it is not"
            )
        if any(subnets[each.subnet].vpc == home.vpc for each in gateways):
            yield Reason("EP-7", entry.id, "AWS may not make an endpoint in the VPC of the resource gateway")

    def _from_gateway(self, gateway: Interface, resource: MeshResource, wanted: Wanted) -> Answer:
        """Over each version of IP that both speak; where they differ, nobody knows which is taken."""
        answers: list[Answer] = []
        for version in (4, 6):
            if gateway.addresses(version):
                answer = self._over(gateway, resource, Wanted(TCP, wanted.ports, version))
                answers += [] if answer is None else [answer]
        if not answers and gateway.doubts:
            return unknown(*(Reason("RES-6", gateway.id, each.reason) for each in gateway.doubts))
        if not answers:
            text = "it has no address of a version of IP that the resource gateway speaks"
            return unreachable(Reason("RT-3", resource.id, text, "UNASSOCIATED_COMPONENT"))
        which = Reason("EP-7", resource.id, "over which version of IP the gateway connects to it is not known")
        return each_of(answers, which)

    def _over(self, gateway: Interface, resource: MeshResource, wanted: Wanted) -> Answer | None:
        """Over one version of IP; none if the resource does not speak it."""
        client, owner = Host(gateway), str(resource.owner)
        if owner in self._network.load_balancers:
            return self._balancing.to_balancer(client, self._network.load_balancers[owner], wanted)
        if not resource.address and not any(owner in each.owners for each in self._network.interfaces.values()):
            return unknown(Reason("RES-6", owner, "how it is connected to a network of the templates is not known"))
        lost = in_lost_subnet(self._network, Block.of(resource.address)) if resource.address else None
        if lost is not None:
            return unknown(lost)
        ends = self._ends(resource, wanted.version)
        return combined([(each, self._connections.answer(client, each, wanted)) for each in ends])

    def _ends(self, resource: MeshResource, version: int) -> Iterable[End]:
        """Who has the address of a resource, or its interfaces that speak this version of IP."""
        if resource.address:
            block = Block.of(resource.address)
            yield from hosts_at(self._network, block, are_targets=True) if block.version == version else ()
            return
        for each in self._network.interfaces.values():
            if str(resource.owner) in each.owners and (each.addresses(version) or each.doubts):
                yield Host(each)
