"""The addresses of a VPC, as peers for the rules of security groups."""

from aws_cdk import aws_ec2 as ec2

from constructs_lattice.vpc.interface import VpcInterface

__all__ = ["blocks_of", "peers_within"]


def blocks_of(vpc: ec2.IVpc) -> list[str]:
    """The IPv4 blocks of a VPC: all of them for one of ours; of another one only the first is known."""
    return vpc.cidr_blocks if isinstance(vpc, VpcInterface) else [vpc.vpc_cidr_block]


def peers_within(vpc: ec2.IVpc) -> list[ec2.IPeer]:
    """Everything with an address of the VPC, in both families for one of ours that has both."""
    peers: list[ec2.IPeer] = [ec2.Peer.ipv4(block) for block in blocks_of(vpc)]
    if isinstance(vpc, VpcInterface) and vpc.ipv6_cidr_block is not None:
        peers.append(ec2.Peer.ipv6(vpc.ipv6_cidr_block))
    return peers
