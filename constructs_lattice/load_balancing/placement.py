"""What both kinds of load balancers check about where they are put and what they listen on."""

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place, check_range
from constructs_lattice._tokens import is_list_token, is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.load_balancing.scheme import Scheme
from constructs_lattice.vpc import Role, VpcInterface, peers_within, pick

__all__ = ["Ports", "clients_or_default", "place"]


def place(
    where: object, vpc: ec2.IVpc, scheme: Scheme, subnets: ec2.SubnetSelection | None, least_zones: int
) -> ec2.SubnetSelection:
    """The subnets of a load balancer.

    Raises `ArgumentError` when an internet-facing one would sit in no public subnet, or when there are too few zones.
    """
    selected = pick(vpc, subnets or _default_subnets(vpc, scheme))
    if scheme is Scheme.INTERNET_FACING and not selected.has_public and not selected.is_pending_lookup:
        raise ArgumentError(
            f"{where}: an internet-facing load balancer needs public subnets, got none; "
            "choose a public tier or Scheme.INTERNAL"
        )
    zones = list(dict.fromkeys(selected.availability_zones))
    if len(zones) < least_zones and not is_list_token(zones) and not selected.is_pending_lookup:
        raise ArgumentError(
            f"{where}: this load balancer needs subnets in at least {least_zones} zones, got {len(zones)}; "
            "give the vpc more zones"
        )
    return ec2.SubnetSelection(subnets=selected.subnets)


class Ports:
    """The ports that a load balancer listens on: each can be taken once."""

    def __init__(self, balancer: Construct) -> None:
        self._balancer = balancer
        self._taken: dict[tuple[str, int], str] = {}

    def take(self, listener: str, port: int, transport: str = "tcp") -> None:
        """Take `port` for the listener with that id, or raise `ArgumentError` when it is taken or out of range."""
        where = Place(self._balancer, listener)
        check_range(where, "port", port, 1, 65_535)
        if is_token(port):
            return
        for other in _clashing(transport):
            if (other, port) in self._taken:
                raise ArgumentError(
                    f"{where}: port {port} is taken by listener {self._taken[other, port]!r}; choose another"
                )
        self._taken[transport, port] = listener


def _clashing(transport: str) -> tuple[str, ...]:
    # TCP_UDP listens on both; a TCP and a UDP listener may share a number.
    return ("tcp", "udp", "tcp_udp") if transport == "tcp_udp" else (transport, "tcp_udp")


def clients_or_default(
    where: object, vpc: ec2.IVpc, scheme: Scheme, clients: Sequence[ec2.IConnectable] | None
) -> Sequence[ec2.IConnectable]:
    """Who may connect: `clients`, else everyone for an internet-facing load balancer and the VPC for an internal one.

    Raises `ArgumentError` when `clients` is given but empty.
    """
    if clients is not None and not clients:
        raise ArgumentError(f"{where}: clients is empty, so nobody could connect; leave it out for the default")
    if clients is not None:
        return clients
    if scheme is Scheme.INTERNET_FACING:
        return [ec2.Peer.any_ipv4()]
    return peers_within(vpc)


def _default_subnets(vpc: ec2.IVpc, scheme: Scheme) -> ec2.SubnetSelection:
    """Those of the tier for internal load balancers, if one of our VPCs has it; else those that go with the scheme."""
    if scheme is Scheme.INTERNAL and isinstance(vpc, VpcInterface):
        for tier in vpc.tiers:
            if tier.role is Role.LOAD_BALANCER:
                return ec2.SubnetSelection(subnet_group_name=tier.name)
    return scheme.default_subnets
