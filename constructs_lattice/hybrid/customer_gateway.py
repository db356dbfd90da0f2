"""Customer gateways: the devices at the other end of VPN connections."""

from ipaddress import AddressValueError, IPv4Address
from typing import Protocol

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place, check_range, check_text
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

__all__ = ["CustomerGateway", "ICustomerGateway"]

_LARGEST_ASN = 4_294_967_294
_LARGEST_PLAIN_ASN = 2_147_483_647
_LONGEST_NAME = 255


class ICustomerGateway(Protocol):
    """A customer gateway, defined or imported."""

    @property
    def customer_gateway_id(self) -> str:
        """The id, such as `cgw-0123456789abcdef0`."""


class CustomerGateway(LatticeConstruct):
    """The device on premises at which VPN connections end.

    Args:
        scope: The construct that this customer gateway is part of.
        id: The id within `scope`.
        ip_address: The public IPv4 address of the device, or of the NAT in front of it.
        bgp_asn: The autonomous system number of the network on premises, 1 to 4294967294. AWS's default is ours,
            65000.
        device_name: A name for the device, at most 255 characters. None by default.
        certificate_arn: The private certificate by which the device proves itself. By default it uses pre-shared keys.

    Raises:
        ArgumentError: The address is none of the internet, or the number is out of range.

    All of these are fixed once it is made: changing one replaces it, and with it the VPN connections.

    https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        ip_address: str,
        bgp_asn: int = 65_000,
        device_name: str | None = None,
        certificate_arn: str | None = None,
    ) -> None:
        where = Place(scope, id)
        _check_address(where, ip_address)
        check_range(where, "bgp_asn", bgp_asn, 1, _LARGEST_ASN)
        check_text(where, "device_name", device_name, 1, _LONGEST_NAME)
        super().__init__(scope, id)
        # AWS takes numbers beyond 31 bits in a property of their own.
        is_extended = not is_token(bgp_asn) and bgp_asn > _LARGEST_PLAIN_ASN
        self._resource = ec2.CfnCustomerGateway(
            self,
            "Resource",
            type="ipsec.1",
            ip_address=ip_address,
            bgp_asn=None if is_extended else bgp_asn,
            bgp_asn_extended=bgp_asn if is_extended else None,
            device_name=device_name,
            certificate_arn=certificate_arn,
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        self._id = self._resource.ref

    @staticmethod
    def from_customer_gateway_id(scope: Construct, id: str, customer_gateway_id: str) -> ICustomerGateway:
        """A customer gateway that exists already."""
        return _ImportedCustomerGateway(scope, id, customer_gateway_id=customer_gateway_id)

    @property
    def resource(self) -> ec2.CfnCustomerGateway:
        """The customer gateway itself, as CloudFormation knows it."""
        return self._resource

    @property
    def customer_gateway_id(self) -> str:
        """The id of the customer gateway."""
        return self._id


class _ImportedCustomerGateway(LatticeConstruct):
    def __init__(self, scope: Construct, id: str, *, customer_gateway_id: str) -> None:
        super().__init__(scope, id)
        self._id = customer_gateway_id

    @property
    def customer_gateway_id(self) -> str:
        return self._id


# Ranges for documentation are no addresses of the internet either, but examples live off them.
_UNREACHABLE = ("is_loopback", "is_link_local", "is_multicast", "is_unspecified")


def _check_address(where: Place, text: str) -> None:
    if is_token(text):
        return
    try:
        address = IPv4Address(text)
    except AddressValueError:
        raise ArgumentError(f"{where}: ip_address must be an IPv4 address, got {text!r}") from None
    if any(getattr(address, kind) for kind in _UNREACHABLE):
        raise ArgumentError(f"{where}: ip_address must be reachable from the internet, got {text!r}")
