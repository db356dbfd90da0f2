"""Load balancers in the tiers of a VPC: aws-cdk's own, with safe settings and AWS's checks made early."""

from constructs_lattice.load_balancing.application import ApplicationLoadBalancer
from constructs_lattice.load_balancing.network import NetworkLoadBalancer
from constructs_lattice.load_balancing.scheme import Scheme

__all__ = ["ApplicationLoadBalancer", "NetworkLoadBalancer", "Scheme"]
