"""The interface endpoints through which a VPC reaches AWS services without the internet."""

import re
from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import check_pattern
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.peers import peers_within

__all__ = ["add_interface_endpoints", "check_services"]

_SHORT_NAME = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


def check_services(where: object, services: Sequence[str]) -> None:
    """Raise unless `services` are distinct short names such as `ecr.api`."""
    for service in services:
        check_pattern(
            where,
            "interface_endpoints",
            service,
            _SHORT_NAME,
            "hold short service names such as 'ecr.api'",
        )
        if service.startswith(("com.amazonaws.", "aws.")):
            raise ArgumentError(
                f"{where}: interface_endpoints must hold short service names, got {service!r}; "
                "leave out everything up to the region"
            )
        if services.count(service) > 1:
            raise ArgumentError(f"{where}: interface_endpoints names {service!r} {services.count(service)} times")


def add_interface_endpoints(
    scope: Construct, vpc: ec2.IVpc, services: Sequence[str], subnets: ec2.SubnetSelection
) -> dict[str, ec2.InterfaceVpcEndpoint]:
    """Make an interface endpoint for each service, all in one security group that lets the VPC's own addresses in."""
    if not services:
        return {}
    group = ec2.SecurityGroup(
        scope,
        "EndpointSecurityGroup",
        vpc=vpc,
        description="Interface endpoints: HTTPS from within the VPC",
        allow_all_outbound=False,
    )
    for peer in peers_within(vpc):
        group.add_ingress_rule(peer, ec2.Port.HTTPS, "HTTPS from within the VPC")
    return {
        service: ec2.InterfaceVpcEndpoint(
            scope,
            f"{service}-endpoint",
            vpc=vpc,
            service=ec2.InterfaceVpcEndpointAwsService(service),
            subnets=subnets,
            security_groups=[group],
            open=False,
        )
        for service in services
    }
