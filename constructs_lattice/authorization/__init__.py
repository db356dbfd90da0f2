"""Requests to VPC Lattice services: who may call what, and where it is routed. Pure: nothing here knows the CDK.

authorizer = Authorizer(lattice=read_lattice(estate))
authorizer.authorize(Caller(vpc="Shop.Vpc", principal="Shop.Web"), Request(service="Shop.Orders", path="/orders"))
"""

from constructs_lattice.authorization.access import Access
from constructs_lattice.authorization.authorizer import Authorizer
from constructs_lattice.authorization.caller import Caller
from constructs_lattice.authorization.decision import Answer, Decision, across
from constructs_lattice.authorization.expectation import Expectation
from constructs_lattice.authorization.permission import Permission
from constructs_lattice.authorization.reason import Level, Reason
from constructs_lattice.authorization.report import decision_as_data, decision_in_lines, levels_in_lines
from constructs_lattice.authorization.request import Protocol, Request
from constructs_lattice.authorization.sweep import Requests, Sweep

__all__ = [
    "Access",
    "Answer",
    "Authorizer",
    "Caller",
    "Decision",
    "Expectation",
    "Level",
    "Permission",
    "Protocol",
    "Reason",
    "Request",
    "Requests",
    "Sweep",
    "across",
    "decision_as_data",
    "decision_in_lines",
    "levels_in_lines",
]
