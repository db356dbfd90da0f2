"""Options of one tunnel of a VPN connection."""

from dataclasses import dataclass
from ipaddress import IPv4Network

from aws_cdk import aws_ec2 as ec2

from constructs_lattice._tokens import is_token
from constructs_lattice.addressing import parse_block
from constructs_lattice.errors import ArgumentError

__all__ = ["Tunnel"]

_LINK_LOCAL = IPv4Network("169.254.0.0/16")
_TUNNEL_PREFIX = 30
# AWS keeps these for itself.
_RESERVED = [
    *(IPv4Network(f"169.254.{third}.0/30") for third in range(6)),
    IPv4Network("169.254.169.252/30"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel:
    """One of the two tunnels of a VPN connection.

    - `inside_cidr`: the /30 inside 169.254.0.0/16 that both ends of the tunnel get their inner addresses from. Chosen
      by AWS by default.
    - `starts_from_aws`: whether AWS opens the tunnel, and opens it again when the other end falls silent. By default
      the device on premises does.

    Only IKEv2 is spoken. Algorithms are those of AWS's default offer, which the device narrows down. Pre-shared keys
    are made by AWS: a key in a template is a key for everybody who reads it.

    Raises `ArgumentError` or `AddressError` for a block that no tunnel can have.

    https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
    """

    inside_cidr: str | None = None
    starts_from_aws: bool = False

    def __post_init__(self) -> None:
        """Check the block."""
        if self.inside_cidr is None or is_token(self.inside_cidr):
            return
        block = parse_block("tunnel", self.inside_cidr)
        if block.prefixlen != _TUNNEL_PREFIX or not block.subnet_of(_LINK_LOCAL):
            raise ArgumentError(f"tunnel: inside_cidr must be a /{_TUNNEL_PREFIX} inside {_LINK_LOCAL}, got {block}")
        if block in _RESERVED:
            raise ArgumentError(f"tunnel: inside_cidr {block} is reserved by AWS; choose another /{_TUNNEL_PREFIX}")

    def specification(
        self, logs: ec2.CfnVPNConnection.CloudwatchLogOptionsSpecificationProperty
    ) -> ec2.CfnVPNConnection.VpnTunnelOptionsSpecificationProperty:
        """The options as CloudFormation takes them, together with where the tunnel's logs go."""
        return ec2.CfnVPNConnection.VpnTunnelOptionsSpecificationProperty(
            ike_versions=[ec2.CfnVPNConnection.IKEVersionsRequestListValueProperty(value="ikev2")],
            tunnel_inside_cidr=self.inside_cidr,
            startup_action="start" if self.starts_from_aws else None,
            dpd_timeout_action="restart" if self.starts_from_aws else None,
            log_options=ec2.CfnVPNConnection.VpnTunnelLogOptionsSpecificationProperty(cloudwatch_log_options=logs),
        )
