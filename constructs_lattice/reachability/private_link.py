"""VPC endpoints as ends of connections.

EP-3: PrivateLink leads from consumers to providers only, to the listeners of the provider's load balancer. The blocks
of both VPCs may be the same.

https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html
"""

from __future__ import annotations

from constructs_lattice.model.services import EndpointKind, LoadBalancer, VpcEndpoint
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface
from constructs_lattice.reachability.answer import Answer, all_of, any_of, unknown, unreachable
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.ends import End, Host, ServiceList
from constructs_lattice.reachability.handover import Handover
from constructs_lattice.reachability.load_balancing import LoadBalancing, protocols_of
from constructs_lattice.reachability.lookup import SERVICE_LISTS
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.registration import Way
from constructs_lattice.reachability.state import same_zone
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["PrivateLink"]

_OF_OTHERS = "vpce-svc-"


class PrivateLink:
    """Answers about the VPC endpoints of one network."""

    def __init__(self, connections: Connections, handover: Handover, balancing: LoadBalancing) -> None:
        self._connections = connections
        self._handover = handover
        self._balancing = balancing
        self._network = connections.network

    def to_endpoint(self, client: End, endpoint: VpcEndpoint, wanted: Wanted) -> Answer:
        """Whether an endpoint takes a connection, and, if what is behind it is in the templates, that does."""
        match endpoint.kind:
            case Unknown(reason=reason):
                return unknown(Reason("EP-7", endpoint.id, reason))
            case EndpointKind.GATEWAY:
                return self._to_gateway_endpoint(client, endpoint, wanted)
            case EndpointKind.INTERFACE | EndpointKind.SERVICE_NETWORK:
                return self._to_interfaces(client, endpoint, wanted)
            case _:
                return unknown(Reason("EP-7", endpoint.id, f"endpoints of type {endpoint.kind} are not modelled"))

    def _to_gateway_endpoint(self, client: End, endpoint: VpcEndpoint, wanted: Wanted) -> Answer:
        lists = SERVICE_LISTS.get(str(endpoint.service))
        if lists is None:
            return unknown(Reason("EP-1", endpoint.id, "the addresses of its service are not known"))
        return self._connections.answer(client, ServiceList(endpoint.id, tuple(lists.items())), wanted)

    def _to_interfaces(self, client: End, endpoint: VpcEndpoint, wanted: Wanted) -> Answer:
        answers = []
        for id_ in endpoint.interfaces:
            interface = self._network.interfaces[id_]
            taken = self._connections.answer(client, Host(interface), wanted)
            further = self._behind(client, endpoint, interface, wanted)
            answers.append(taken if further is None else all_of([taken, further]))
        if not answers:
            return unknown(Reason("EP-2", endpoint.id, "where it is, is not in the templates"))
        return any_of(answers)

    def _behind(self, client: End, endpoint: VpcEndpoint, interface: Interface, wanted: Wanted) -> Answer | None:
        """On to the load balancers of the endpoint service; none for services of AWS, which take everything."""
        if isinstance(endpoint.service, Unknown):
            return unknown(Reason("EP-4", endpoint.id, endpoint.service.reason))
        if endpoint.service.startswith(_OF_OTHERS):
            return unknown(Reason("EP-4", endpoint.id, f"endpoint service {endpoint.service} is not in the templates"))
        service = self._network.endpoint_services.get(endpoint.service)
        if service is None:
            return None
        answers = [unknown(Reason("EP-4", service.id, each.reason)) for each in service.doubts]
        for id_ in service.load_balancers:
            balancer = self._network.load_balancers.get(id_)
            if balancer is None:
                answers.append(unknown(Reason("EP-4", id_, "the load balancer is not in the templates")))
            else:
                answers.append(self._through(client, balancer, interface, wanted))
        return any_of(answers, Reason("EP-4", service.id, "it offers no load balancer"))

    def _through(self, client: End, balancer: LoadBalancer, interface: Interface, wanted: Wanted) -> Answer:
        """Through the interface of the load balancer in the zone of the endpoint's, to some target."""
        answers = []
        for listener in balancer.listeners:
            if wanted.protocol not in protocols_of(listener):
                continue
            if isinstance(listener.port, Unknown):
                answers.append(unknown(Reason("LB-6", listener.id, listener.port.reason)))
                continue
            at = wanted.at(listener.port)
            for id_ in balancer.interfaces if at is not None else ():
                node = self._network.interfaces[id_]
                let_in = self._handover.from_link(balancer.enforces_on_private_link, node, client, wanted)
                way = Way(balancer, listener, node, wanted.version, None)  # the client's address is never kept
                further = self._balancing.to_targets(way, wanted)
                apart = self._in_other_zone(interface, node, balancer)
                answers.append(all_of([each for each in (apart, let_in, further) if each is not None]))
        text = "it has no listener on this port"
        return any_of(answers, Reason("LB-6", balancer.id, text, "ELBV2_LISTENERS_MISMATCH"))

    def _in_other_zone(self, interface: Interface, node: Interface, balancer: LoadBalancer) -> Answer | None:
        """EP-5: an endpoint leads to the load balancer's interface in its own zone."""
        near = same_zone(self._network.subnets[interface.subnet].zone, self._network.subnets[node.subnet].zone)
        if near is True or (near is None and len(balancer.interfaces) == 1):
            return None
        if near is None:
            return unknown(Reason("EP-5", interface.id, f"whether {node.id} is in its zone is not known"))
        text = f"{node.id} is in another zone"
        return unreachable(Reason("EP-5", interface.id, text, "VPCE_SERVICE_NOT_INSTALLED_IN_AZ"))
