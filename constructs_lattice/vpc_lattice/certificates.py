"""Certificates of custom domain names: what VPC Lattice asks of them.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-byoc.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice._construct import stack_of
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_certificatemanager as acm
    from constructs import Construct

__all__ = ["check_certificate"]

_REGION = 3
_KEY = "RSA_2048"


def check_certificate(
    where: object, scope: Construct, certificate: acm.ICertificate | None, domain_name: str | None
) -> None:
    """Raise `ArgumentError` when the certificate is not one of the domain name, or not one that VPC Lattice takes."""
    if certificate is None:
        return
    if domain_name is None:
        raise ArgumentError(f"{where}: a certificate is for a custom_domain_name, but there is none; give it, too")
    _check_region(where, scope, certificate.certificate_arn)
    from aws_cdk import aws_certificatemanager as acm  # noqa: PLC0415 - loaded by who has a certificate only

    resource = certificate.node.default_child
    # Of an imported certificate, nothing else is known.
    if not isinstance(resource, acm.CfnCertificate):
        return
    if (key := resource.key_algorithm) not in (None, _KEY) and not is_token(key):
        raise ArgumentError(
            f"{where}: certificate must have a key of {_KEY}, which is what VPC Lattice takes, got {key}"
        )
    names = [resource.domain_name, *(resource.subject_alternative_names or ())]
    if not is_token([domain_name, *names]) and not _covers(names, domain_name):
        raise ArgumentError(
            f"{where}: certificate must be for the custom_domain_name {domain_name!r}, got one for "
            f"{', '.join(names)}; a wildcard stands for one name only"
        )


def _check_region(where: object, scope: Construct, arn: str) -> None:
    own = stack_of(scope).region
    if is_token((arn, own)):
        return
    if (region := arn.split(":")[_REGION]) != own:
        raise ArgumentError(
            f"{where}: certificate must be in the region of the service, which is {own}, got one of {region}; "
            "request another one there"
        )


def _covers(names: Sequence[str], domain_name: str) -> bool:
    name = domain_name.lower().rstrip(".")
    return not {name, f"*.{name.partition('.')[2]}"}.isdisjoint(each.lower() for each in names)
