"""Domain verifications: the proof that a domain name is one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import Acknowledgment, Fn, Validations
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource, name_tag
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.domain_names import check_domain_name
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Feature, Region

if TYPE_CHECKING:
    from aws_cdk import aws_route53 as route53
    from constructs import Construct

__all__ = ["DomainVerification", "DomainVerificationBase", "is_within"]

_TTL_SECONDS = "300"


def is_within(name: str, domain: str) -> bool:
    """Whether a domain name is `domain` or below it, as far as that is known."""
    if is_token((name, domain)):
        return True
    inner, outer = (f".{each.rstrip('.').lower()}" for each in (name, domain))
    return inner.endswith(outer)


@jsii.implements(interfaces.IDomainVerificationRef)
class DomainVerificationBase(LatticeResource):
    """A domain verification, defined or imported."""

    _arn: str
    _id: str
    _domain_name: str | None = None

    @property
    def domain_verification_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def domain_verification_id(self) -> str:
        """The id, such as `dv-0123456789abcdef0`."""
        return self._id

    @property
    def domain_verification_ref(self) -> interfaces.DomainVerificationReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.DomainVerificationReference(domain_verification_arn=self._arn)

    @property
    def domain_name(self) -> str | None:
        """The domain name, if an import tells it."""
        return self._domain_name


class DomainVerification(DomainVerificationBase):
    """Proves that a domain name, and every name below it, is one's own, by a TXT record in its hosted zone.

    Custom domain names of resource configurations that come with a verification are verified: consumers whose private
    DNS is for verified domains get a private hosted zone for them. Once verified, a domain stays so, as long as its
    record is there. CloudFormation does not wait for that: deploy it before the consumers.

    Args:
        scope: The construct that this verification is part of.
        id: The id within `scope`.
        domain_name: The domain name. Another verification takes its place when it changes.
        hosted_zone: The public hosted zone of the domain, which gets the record. None by default: it has to be made
            elsewhere, from `txt_record_name` and `txt_record_value`.

    Raises:
        ArgumentError: The region has no domain verifications, the name is out of its limits, or the hosted zone is
            private or another domain's.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/create-and-verify.html
    """

    def __init__(
        self, scope: Construct, id: str, *, domain_name: str, hosted_zone: route53.IHostedZone | None = None
    ) -> None:
        where = Place(scope, id)
        region = Region.of(scope)
        region.check(where, Feature.DOMAINS)
        check_domain_name(where, "domain_name", domain_name)
        if hosted_zone is not None:
            _check_zone(where, domain_name, hosted_zone)
        super().__init__(scope, id)
        self._domain_name = domain_name
        self._resource = vpclattice.CfnDomainVerification(
            self, "Resource", domain_name=domain_name, tags=[name_tag(self)]
        )
        self._arn = self._resource.attr_arn
        self._id = self._resource.attr_id
        if hosted_zone is not None:
            self._prove(hosted_zone)
        region.count(self, Quota.DOMAIN_VERIFICATIONS)

    @staticmethod
    def from_domain_verification_arn(
        scope: Construct, id: str, domain_verification_arn: str, *, domain_name: str | None = None
    ) -> DomainVerificationBase:
        """A domain verification that exists already; with its domain name, custom domain names are checked by it.

        Raises `ArgumentError` for anything else than the ARN of one.
        """
        return _ImportedDomainVerification(scope, id, arn=domain_verification_arn, domain_name=domain_name)

    @staticmethod
    def from_domain_verification_id(
        scope: Construct, id: str, domain_verification_id: str, *, domain_name: str | None = None
    ) -> DomainVerificationBase:
        """A domain verification of the stack's own account and region, such as `dv-0123456789abcdef0`.

        Raises `ArgumentError` for anything else than the id of one.
        """
        identified = Identified.DOMAIN_VERIFICATION
        identified.check_id(Place(scope, id), "domain_verification_id", domain_verification_id)
        arn = identified.arn_of(scope, domain_verification_id)
        return _ImportedDomainVerification(
            scope, id, arn=arn, domain_name=domain_name, domain_verification_id=domain_verification_id
        )

    @property
    def resource(self) -> vpclattice.CfnDomainVerification:
        """The domain verification itself, as CloudFormation knows it."""
        return self._resource

    @property
    def status(self) -> str:
        """Whether the domain was verified when the stack was deployed: VERIFIED, PENDING, …"""
        return self._resource.attr_status

    @property
    def txt_record_name(self) -> str:
        """The whole name of the record."""
        # AWS gives the label; should it give the whole name, the label is where it begins.
        label = Fn.select(0, Fn.split(".", self._resource.get_att("TxtMethodConfig.name").to_string()))
        return f"{label}.{(self._domain_name or '').rstrip('.')}"

    @property
    def txt_record_value(self) -> str:
        """What the record says, without quotes."""
        return self._resource.get_att("TxtMethodConfig.value").to_string()

    def _prove(self, zone: route53.IHostedZone) -> None:
        from aws_cdk import aws_route53 as route53  # noqa: PLC0415 - loaded by who has a hosted zone only

        record = route53.CfnRecordSet(
            self,
            "Record",
            hosted_zone_id=zone.hosted_zone_id,
            name=self.txt_record_name,
            type="TXT",
            ttl=_TTL_SECONDS,
            resource_records=[f'"{self.txt_record_value}"'],
        )
        known = "CloudFormation gives the parts of an attribute that is an object, which the validation does not know"
        Validations.of(record).acknowledge(Acknowledgment(id="CloudFormation-Validate::E9004", reason=known))


def _check_zone(where: object, domain_name: str, zone: route53.IHostedZone) -> None:
    from aws_cdk import aws_route53 as route53  # noqa: PLC0415 - loaded by who has a hosted zone only

    if isinstance(zone, route53.PrivateHostedZone):
        raise ArgumentError(
            f"{where}: hosted_zone must be public, since VPC Lattice reads the record in public DNS, got "
            f"{zone.node.path}; give the public one"
        )
    if not is_within(domain_name, zone.zone_name):
        raise ArgumentError(
            f"{where}: domain_name must be in the hosted zone {zone.zone_name!r}, got {domain_name!r}; give the zone "
            "that it is in"
        )


class _ImportedDomainVerification(Imported, DomainVerificationBase):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        arn: str,
        domain_name: str | None,
        domain_verification_id: str | None = None,
    ) -> None:
        Identified.DOMAIN_VERIFICATION.check_arn(Place(scope, id), "domain_verification_arn", arn)
        super().__init__(scope, id)
        self._arn = arn
        self._id = domain_verification_id or id_of(arn)
        self._domain_name = domain_name
