"""Guarantees: what must be so about a network, checked against what was synthesized. Pure."""

from constructs_lattice.guarantees.assertions import Network
from constructs_lattice.guarantees.check import Checker
from constructs_lattice.guarantees.deployment import Deployment
from constructs_lattice.guarantees.entries import Caller, Connection, GuaranteesFile, Request
from constructs_lattice.guarantees.names import Anonymous, Internet, Internet6
from constructs_lattice.guarantees.reader import json_schema, parse_guarantees, read_guarantees
from constructs_lattice.guarantees.result import Result
from constructs_lattice.guarantees.survey import OpenPorts, Survey

__all__ = [
    "Anonymous",
    "Caller",
    "Checker",
    "Connection",
    "Deployment",
    "GuaranteesFile",
    "Internet",
    "Internet6",
    "Network",
    "OpenPorts",
    "Request",
    "Result",
    "Survey",
    "json_schema",
    "parse_guarantees",
    "read_guarantees",
]
