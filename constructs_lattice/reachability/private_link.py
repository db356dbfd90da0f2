"""VPC endpoints as ends of connections.

EP-3: PrivateLink leads from consumers to providers only, to the listeners of the provider's load balancer. The blocks
of both VPCs may be the same.

https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from constructs_lattice.model.services import EndpointKind, LoadBalancer, LoadBalancerListener, VpcEndpoint
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface
from constructs_lattice.reachability.answer import Answer, all_of, any_of, unknown, unreachable
from constructs_lattice.reachability.ends import End, Host, ServiceList
from constructs_lattice.reachability.flow import TCP
from constructs_lattice.reachability.handover import Handover
from constructs_lattice.reachability.load_balancing import LoadBalancing, protocols_of
from constructs_lattice.reachability.lookup import SERVICE_LISTS
from constructs_lattice.reachability.mesh import Mesh
from constructs_lattice.reachability.offers import Offer, Taking, doubtful
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.registration import Way
from constructs_lattice.reachability.resources import Resources
from constructs_lattice.reachability.state import same_zone
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["PrivateLink"]

_OF_OTHERS = "vpce-svc-"


class PrivateLink:
    """Answers about the VPC endpoints of one network."""

    def __init__(
        self, taking: Taking, handover: Handover, balancing: LoadBalancing, mesh: Mesh, resources: Resources
    ) -> None:
        self._connections = taking.connections
        self._handover = handover
        self._balancing = balancing
        self._mesh = mesh
        self._resources = resources
        self._taking = taking
        self._network = taking.connections.network

    def to_endpoint(self, client: End, endpoint: VpcEndpoint, wanted: Wanted) -> Answer:
        """Whether an endpoint takes a connection, and, if what is behind it is in the templates, that does."""
        match endpoint.kind:
            case Unknown(reason=reason):
                return unknown(Reason("EP-7", endpoint.id, reason))
            case EndpointKind.GATEWAY:
                return self._to_gateway_endpoint(client, endpoint, wanted)
            case EndpointKind.GATEWAY_LOAD_BALANCER:
                text = f"endpoints of type {endpoint.kind} are stations of routes, and what they answer is not known"
                return unknown(Reason("EP-7", endpoint.id, text))
            case _:
                return self._to_interfaces(client, endpoint, wanted)

    def _to_gateway_endpoint(self, client: End, endpoint: VpcEndpoint, wanted: Wanted) -> Answer:
        lists = SERVICE_LISTS.get(str(endpoint.service))
        if lists is None:
            return unknown(Reason("EP-1", endpoint.id, "the addresses of its service are not known"))
        return self._connections.answer(client, ServiceList(endpoint.id, tuple(lists.items())), wanted)

    def _to_interfaces(self, client: End, endpoint: VpcEndpoint, wanted: Wanted) -> Answer:
        interfaces = [self._network.interfaces[each] for each in endpoint.interfaces]
        if not interfaces:
            return unknown(Reason("EP-2", endpoint.id, "where it is, is not in the templates"))
        if self._is_of_aws(endpoint):
            return any_of(self._connections.answer(client, Host(each), wanted) for each in interfaces)
        offers = list(self._offers(client, endpoint))
        answers = (each for one in interfaces for each in self._taking.at_interface(client, one, offers, wanted))
        return any_of(answers, self._nothing_behind(endpoint))

    def _is_of_aws(self, endpoint: VpcEndpoint) -> bool:
        """Whether it leads to a service of AWS, which takes everything."""
        service = endpoint.service
        return (
            endpoint.kind is EndpointKind.INTERFACE
            and isinstance(service, str)
            and not service.startswith(_OF_OTHERS)
            and service not in self._network.endpoint_services
        )

    def _nothing_behind(self, endpoint: VpcEndpoint) -> Reason:
        """Why it leads nowhere, with this protocol and on this port."""
        text = "nothing that it leads to takes connections on this port"
        if endpoint.kind is not EndpointKind.INTERFACE:
            return Reason("EP-7", endpoint.id, text)
        service = self._network.endpoint_services.get(str(endpoint.service))
        if service is None or not service.load_balancers:
            return Reason("EP-4", str(endpoint.service), "it offers no load balancer")
        text = "it has no listener on this port"
        return Reason("LB-6", service.load_balancers[0], text, "ELBV2_LISTENERS_MISMATCH")

    def _offers(self, client: End, endpoint: VpcEndpoint) -> Iterator[Offer]:
        """What is behind an endpoint, as far as that is in the templates."""
        rule = "EP-4" if endpoint.kind is EndpointKind.INTERFACE else "EP-7"
        if isinstance(endpoint.service, Unknown):
            yield doubtful(Reason(rule, endpoint.id, endpoint.service.reason))
        elif endpoint.kind is EndpointKind.INTERFACE:
            yield from self._of_service(client, endpoint.service)
        elif endpoint.kind is EndpointKind.RESOURCE and endpoint.service in self._network.mesh_resources:
            yield from self._resources.offers(self._network.mesh_resources[endpoint.service])
        elif endpoint.kind is EndpointKind.SERVICE_NETWORK:
            yield from self._of_network(endpoint.service)
        else:
            text = f"{endpoint.service} is not in the templates"
            if endpoint.kind is EndpointKind.TUNNEL:
                text = f"what endpoints of type {endpoint.kind} lead to is not modelled"
            yield doubtful(Reason(rule, endpoint.id, text))

    def _of_network(self, service_network: str) -> Iterator[Offer]:
        if service_network not in self._network.mesh_networks:
            text = "what else is in this service network is not in the templates"
            yield doubtful(Reason("LAT-1", service_network, text), (TCP,))
        yield from self._mesh.in_network(service_network)
        yield from self._resources.in_network(service_network)

    def _of_service(self, client: End, name: str) -> Iterator[Offer]:
        """The listeners of the load balancers of an endpoint service."""
        service = self._network.endpoint_services.get(name)
        if service is None:
            yield doubtful(Reason("EP-4", name, "this endpoint service is not in the templates"))
            return
        for each in service.doubts:
            yield doubtful(Reason("EP-4", service.id, each.reason))
        for id_ in service.load_balancers:
            balancer = self._network.load_balancers.get(id_)
            if balancer is None:
                yield doubtful(Reason("EP-4", id_, "the load balancer is not in the templates"))
                continue
            for each in balancer.doubts:
                yield doubtful(Reason("EP-4", balancer.id, each.reason))
            for listener in balancer.listeners:
                protocols = protocols_of(listener)
                if isinstance(listener.port, Unknown):
                    yield doubtful(Reason("LB-6", listener.id, listener.port.reason), protocols)
                else:
                    lead_on = partial(self._through, client, balancer, listener)
                    yield Offer(protocols, ((listener.port, listener.port),), lead_on)

    def _through(
        self,
        client: End,
        balancer: LoadBalancer,
        listener: LoadBalancerListener,
        entry: Interface | None,
        wanted: Wanted,
    ) -> Answer:
        """Through the interface of the load balancer in the zone of the endpoint's, to some target."""
        answers = []
        for node in (self._network.interfaces[each] for each in balancer.interfaces):
            apart = None if entry is None else self._in_other_zone(entry, node)
            let_in = self._handover.from_link(balancer.enforces_on_private_link, node, client, wanted)
            way = Way(balancer, listener, node, wanted.version, None)  # the client's address is never kept
            further = self._balancing.to_targets(way, wanted)
            answers.append(all_of([each for each in (apart, let_in, further) if each is not None]))
        text = "it has no interface in the templates"
        return any_of(answers, Reason("EP-4", balancer.id, text))

    def _in_other_zone(self, interface: Interface, node: Interface) -> Answer | None:
        """EP-5: an endpoint leads to the load balancer's interface in its own zone."""
        near = same_zone(self._network.subnets[interface.subnet].zone, self._network.subnets[node.subnet].zone)
        if near is True:
            return None
        if near is None:
            return unknown(Reason("EP-5", interface.id, f"whether {node.id} is in its zone is not known"))
        text = f"{node.id} is in another zone"
        return unreachable(Reason("EP-5", interface.id, text, "VPCE_SERVICE_NOT_INSTALLED_IN_AZ"))
