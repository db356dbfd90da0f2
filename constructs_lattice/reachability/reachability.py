"""Questions about a network: who can reach whom."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from constructs_lattice.model.block import EVERYTHING, INTERNET, Block
from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import Ranges
from constructs_lattice.model.services import LoadBalancer
from constructs_lattice.model.vpc import Interface, InterfaceKind
from constructs_lattice.reachability.alternatives import combined
from constructs_lattice.reachability.answer import Answer, Verdict, any_of, unknown, unreachable
from constructs_lattice.reachability.assumptions import assumptions_of
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.detours import Detours
from constructs_lattice.reachability.ends import TAKING_NOTHING, End, Host, Internet, Site, addresses
from constructs_lattice.reachability.flow import ALL_PORTS, ICMP, TCP, UDP
from constructs_lattice.reachability.handover import Handover
from constructs_lattice.reachability.load_balancing import LoadBalancing
from constructs_lattice.reachability.mesh import Mesh
from constructs_lattice.reachability.offers import Taking
from constructs_lattice.reachability.parties import (
    Addresses,
    OnPremises,
    Owner,
    Party,
    TheInternet,
    host_in,
    hosts_at,
    reserved,
)
from constructs_lattice.reachability.private_link import PrivateLink
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.resources import Resources
from constructs_lattice.reachability.sites import with_site
from constructs_lattice.reachability.wanted import Wanted

__all__ = ["Protocol", "Reachability"]


class Protocol(StrEnum):
    """What a question is about. `icmp` is a ping and its answer, `any` whatever gets through."""

    TCP = "tcp"
    UDP = "udp"
    ICMP = "icmp"
    ANY = "any"


_NUMBERS = {Protocol.TCP: TCP, Protocol.UDP: UDP, Protocol.ICMP: ICMP}
_VERSIONS = (4, 6)


class Reachability:
    """Answers questions about one network. What was worked out for one is used for the next."""

    def __init__(self, network: Network) -> None:
        self.network = network
        learning = [each.has_bgp for each in network.vpn_gateways.values()]
        learning += [each.has_bgp for each in network.attachments.values()]
        self._has_sites = not any(learning)
        self._sites: dict[Block, Reachability] = {}
        self._connections = Connections(network)
        handover = Handover(self._connections)
        self._balancing = LoadBalancing(self._connections, handover)
        taking = Taking(self._connections)
        self._mesh = Mesh(self._connections, handover)
        self._resources = Resources(taking, handover, self._balancing)
        self._private_link = PrivateLink(taking, handover, self._balancing, self._mesh, self._resources)
        self._detours = Detours(network)
        self._owned: dict[str, list[Interface]] = {}
        for interface in network.interfaces.values():
            for owner in interface.owners:
                self._owned.setdefault(owner, []).append(interface)
        self._other_protocols = sorted(_mentioned(network) - {TCP, UDP, ICMP, 58})

    def ask(self, source: Party, target: Party, protocol: Protocol = Protocol.TCP, port: int | None = None) -> Answer:
        """Whether `source` can open a connection to `target` and gets answers.

        Without a port, it is any port. The verdict is exact, or unknown with its reasons.
        """
        for party in (source, target):
            if isinstance(party, OnPremises) and not self._has_sites:
                return self._with_site(party.block).ask(source, target, protocol, port)
        ports: Ranges = ALL_PORTS if port is None else ((port, port),)
        numbers = [*_NUMBERS.values(), *self._other_protocols] if protocol is Protocol.ANY else [_NUMBERS[protocol]]
        answers = [self._over(source, target, number, ports) for number in numbers]
        answer = any_of(answers) if len(answers) > 1 else answers[0]
        answer = self._detours.consider(source, self._interfaces(source), target, self._interfaces(target), answer)
        return answer.assuming(*assumptions_of(self.network, source, target, answer))

    def _with_site(self, block: Block) -> Reachability:
        """The same with a network on premises that connections have learned of."""
        if block not in self._sites:
            known = with_site(self.network, block)
            made = self._sites[block] = Reachability(known)
            made._has_sites = True
        return self._sites[block]

    def _over(self, source: Party, target: Party, protocol: int, ports: Ranges) -> Answer:
        """With one protocol, over either version of IP that both ends speak."""
        versions = [each for each in _VERSIONS if _speaks(source, each) and _speaks(target, each)]
        if not versions:
            return unreachable(Reason("RT-3", str(target), f"{source} and {target} speak different versions of IP"))
        answers = [self._over_version(source, target, Wanted(protocol, ports, version)) for version in versions]
        found = [each for each in answers if each is not None]
        if found:
            return any_of(found)
        text = f"{source} and {target} have no addresses of one family"
        return unreachable(Reason("RT-3", str(target), text, "UNASSOCIATED_COMPONENT"))

    def _over_version(self, source: Party, target: Party, wanted: Wanted) -> Answer | None:
        """Over one version of IP; none if not both have addresses of it."""
        if isinstance(source, Owner):
            if source.id in self.network.endpoints:
                text = "VPC endpoints open no connections"
                return unreachable(Reason("EP-2", source.id, text, "VPCE_INTRA_VPC_TRAFFIC"))
            if source.id in self.network.mesh_services or source.id in self.network.load_balancers:
                return self._from_service(source, target, wanted)
            if not self._hosts(source):
                return _without_interfaces(source.id)
        clients = self._ends(source, wanted.version, are_targets=False)
        return combined([(client, self._from_client(client, target, wanted)) for client in clients])

    def _ends(self, party: Party, version: int, *, are_targets: bool) -> Sequence[End]:
        """The ends that a party stands for, of which any will do."""
        match party:
            case TheInternet():
                return [Internet(((version, INTERNET[version]),))]
            case Addresses(block=block):
                return list(hosts_at(self.network, block, are_targets=are_targets))
            case OnPremises(block=block):
                return [Site(((version, block.ranges),))]
            case Owner():
                return self._hosts(party)

    def _hosts(self, owner: Owner) -> list[Host]:
        if owner.interfaces is None:
            return [Host(each) for each in self._owned.get(owner.id, ())]
        if owner.interfaces or not owner.subnets:
            return [Host(self.network.interfaces[each]) for each in owner.interfaces]
        homes = [self.network.subnets[each] for each in owner.subnets]
        hosts = [host_in(home, version, EVERYTHING[version]) for home in homes for version in _VERSIONS]
        return [each for each in hosts if each is not None]

    def _interfaces(self, party: Party) -> list[Interface]:
        """The interfaces that a party has in VPCs."""
        return [each.interface for each in self._hosts(party)] if isinstance(party, Owner) else []

    def _from_client(self, client: End, target: Party, wanted: Wanted) -> Answer | None:
        """From one end to all that the target stands for."""
        is_function = isinstance(client, Host) and client.interface.kind is InterfaceKind.FUNCTION
        if isinstance(client, Host) and is_function and wanted.protocol not in (TCP, UDP):
            return unreachable(Reason("LB-7", client.interface.id, "functions use TCP and UDP only"))
        if isinstance(target, Owner) and (served := self._to_service(client, target, wanted)) is not None:
            return served
        if isinstance(target, Addresses) and isinstance(client, Host):
            reason = reserved(self.network, client.interface, target.block)
            if reason is not None:
                return unknown(reason)
        servers = self._ends(target, wanted.version, are_targets=True)
        return combined([(server, self._between(client, server, wanted)) for server in servers])

    def _to_service(self, client: End, target: Owner, wanted: Wanted) -> Answer | None:
        """To what takes connections for others; none for what takes them itself."""
        if target.id in self.network.mesh_services:
            return self._mesh.to_service(client, self.network.mesh_services[target.id], wanted)
        if target.id in self.network.mesh_resources:
            return self._resources.to_resource(client, self.network.mesh_resources[target.id], wanted)
        if target.id in self.network.endpoints:
            return self._private_link.to_endpoint(client, self.network.endpoints[target.id], wanted)
        if target.id in self.network.load_balancers:
            return self._balancing.to_balancer(client, self.network.load_balancers[target.id], wanted)
        return None if self._hosts(target) else _without_interfaces(target.id)

    def _between(self, client: End, server: End, wanted: Wanted) -> Answer | None:
        """Between two ends; none where they do not speak this version of IP at all."""
        for end in (client, server):
            if not addresses(end, wanted.version) and not (isinstance(end, Host) and end.interface.doubts):
                return None
        if isinstance(server, Host) and server.interface.kind in TAKING_NOTHING:
            rule = TAKING_NOTHING[server.interface.kind]
            return unreachable(Reason(rule, server.interface.id, "it takes no connections"))
        answer = self._connections.answer(client, server, wanted)
        if isinstance(server, Host) and server.interface.kind is InterfaceKind.RESOURCE_GATEWAY and _may_work(answer):
            text = "whether a resource gateway takes anything but what VPC Lattice hands it is not documented"
            return unknown(Reason("LAT-9", server.interface.id, text))
        return answer

    def _from_service(self, source: Owner, target: Party, wanted: Wanted) -> Answer | None:
        """From a load balancer or a VPC Lattice service: to its targets only."""
        balancer = self.network.load_balancers.get(source.id)
        if isinstance(target, Owner) and target.id in self.network.load_balancers:
            text = "whether it reaches a load balancer that is its target is asked of the way through it"
            return unknown(Reason("LB-6", source.id, text))
        if isinstance(target, Owner) and not self._hosts(target):
            return _without_interfaces(target.id)
        answers: list[tuple[End, Answer | None]] = []
        for server in self._ends(target, wanted.version, are_targets=True):
            if not isinstance(server, Host):
                text = "it opens connections to its targets only"
                answers.append((server, unreachable(Reason("LB-6", source.id, text, "TARGET_ADDRESS_RESTRICTION"))))
            elif server.interface.addresses(wanted.version) or server.interface.doubts:
                answers.append((server, self._serving(source, balancer, server.interface, wanted)))
        return combined(answers)

    def _serving(self, source: Owner, balancer: LoadBalancer | None, server: Interface, wanted: Wanted) -> Answer:
        if balancer is not None:
            return self._balancing.from_balancer(balancer, server, wanted)
        return self._mesh.from_service(self.network.mesh_services[source.id], server, wanted)


def _may_work(answer: Answer) -> bool:
    return answer.verdict is not Verdict.UNREACHABLE


def _without_interfaces(id: str) -> Answer:
    return unknown(Reason("RES-6", id, "how it is connected to a network of the templates is not known"))


def _speaks(party: Party, version: int) -> bool:
    match party:
        case TheInternet(version=own):
            return own == version
        case Addresses(block=block) | OnPremises(block=block):
            return block.version == version
        case Owner():
            return True


def _mentioned(network: Network) -> set[int]:
    """The protocols that some rule names."""
    rules = [each.protocol for group in network.security_groups.values() for each in (*group.ingress, *group.egress)]
    entries = [each.protocol for acl in network.network_acls.values() for each in acl.entries]
    return {each for each in (*rules, *entries) if isinstance(each, int) and each >= 0}
