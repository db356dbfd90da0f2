"""The VPC construct."""

from collections.abc import Sequence
from typing import Any

import jsii
from aws_cdk import Fn, Names, Resource, Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, DependencyGroup, IDependable

from constructs_lattice._checks import Place
from constructs_lattice._construct import WholeOrNothing
from constructs_lattice.addressing import VpcPlan, parse_vpc_block, plan_vpc
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.endpoints import GatewayService, InterfaceEndpoints
from constructs_lattice.vpc.flow_logs import FlowLogs
from constructs_lattice.vpc.nat import Nat
from constructs_lattice.vpc.selection import Selector
from constructs_lattice.vpc.tier import Role, Tier
from constructs_lattice.vpc.tier_subnets import TierSubnets
from constructs_lattice.vpc.zones import Zone, Zones

__all__ = ["Vpc"]

