"""Address plans: which block of a VPC belongs to which tier in which zone.

Pure: nothing here knows the CDK. A plan is made by `plan_vpc` from a block, a few `TierRequest` and the keys of the
zones, and it is data: asking it for an address never changes it.
"""

from constructs_lattice.addressing.block import (
    check_destination,
    check_disjoint,
    check_secondary_blocks,
    contains,
    is_relative,
    parse_block,
    parse_vpc_block,
)
from constructs_lattice.addressing.estate import AddressEstate
from constructs_lattice.addressing.lock import AddressLock
from constructs_lattice.addressing.lock_entry import HOME, LockEntry
from constructs_lattice.addressing.plan import IPV6_BLOCK, Allocation, VpcPlan, aligned, plan_vpc
from constructs_lattice.addressing.request import TierRequest

__all__ = [
    "HOME",
    "IPV6_BLOCK",
    "AddressEstate",
    "AddressLock",
    "Allocation",
    "LockEntry",
    "TierRequest",
    "VpcPlan",
    "aligned",
    "check_destination",
    "check_disjoint",
    "check_secondary_blocks",
    "contains",
    "is_relative",
    "parse_block",
    "parse_vpc_block",
    "plan_vpc",
]
