"""Guarantees after the deployment: the same questions for AWS's Reachability Analyzer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, IConstruct

from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.guarantees import Internet
from constructs_lattice.guarantees.names import End

if TYPE_CHECKING:
    from constructs_lattice.validation import Guarantees, Statement
    from constructs_lattice.vpc import Vpc

__all__ = ["NetworkInsightsPaths"]

_ANALYZED = (
    ec2.CfnInstance,
    ec2.CfnInternetGateway,
    ec2.CfnNetworkInterface,
    ec2.CfnTransitGateway,
    ec2.CfnVPCEndpoint,
    ec2.CfnVPCPeeringConnection,
    ec2.CfnVPNGateway,
)
_PROTOCOLS = ("tcp", "udp")


class NetworkInsightsPaths(LatticeConstruct):
    """A path of the Reachability Analyzer for each guarantee that it can analyze.

    The paths are made by the deployment; an analysis of one is started by `aws ec2 start-network-insights-analysis`,
    and each costs a fee. A tag of each path tells what to expect. The Reachability Analyzer knows instances,
    interfaces, gateways and endpoints, over TCP and UDP; it does not look at the answers behind a Transit Gateway.
    What it cannot analyze is in `skipped`, with the reason.

    Args:
        scope: The construct that the paths are part of.
        id: The id within `scope`.
        guarantees: The guarantees that have been stated so far.
        vpc: Whose internet gateway stands for the internet. Without it, guarantees about the internet are skipped.

    https://docs.aws.amazon.com/vpc/latest/reachability/what-is-reachability-analyzer.html
    """

    def __init__(self, scope: Construct, id: str, *, guarantees: Guarantees, vpc: Vpc | None = None) -> None:
        super().__init__(scope, id)
        self._gateway = None if vpc is None else vpc.internet_gateway
        self._paths: dict[str, ec2.CfnNetworkInsightsPath] = {}
        self._skipped: dict[str, str] = {}
        for statement in guarantees.statements:
            self._add(statement)

    @property
    def paths(self) -> Mapping[str, ec2.CfnNetworkInsightsPath]:
        """The paths, by the ids of the guarantees."""
        return dict(self._paths)

    @property
    def skipped(self) -> Mapping[str, str]:
        """Why there is no path for a guarantee, by its id."""
        return dict(self._skipped)

    def _add(self, statement: Statement) -> None:
        guarantee = statement.guarantee
        if guarantee.protocol not in _PROTOCOLS:
            self._skipped[guarantee.id] = f"it is about {guarantee.protocol}, and paths are of TCP or UDP"
            return
        source, destination = (self._analyzed(end) for end in (statement.source, statement.to))
        for name, found in ((guarantee.from_, source), (guarantee.to, destination)):
            if found is None:
                self._skipped[guarantee.id] = f"{name} is nothing that the Reachability Analyzer knows"
                return
        self._paths[guarantee.id] = ec2.CfnNetworkInsightsPath(
            self,
            _id(guarantee.id),
            source=source,
            destination=destination,
            protocol=guarantee.protocol,
            destination_port=guarantee.port,
            tags=[CfnTag(key="Name", value=guarantee.id), CfnTag(key="expect", value=guarantee.expect)],
        )

    def _analyzed(self, end: End) -> Any:
        """The id of an end, if a path can begin or end there."""
        if end == Internet:
            return None if self._gateway is None else self._gateway.ref
        if not hasattr(end, "node"):
            return None
        found = end if isinstance(end, _ANALYZED) else _main(end)
        return found.ref if isinstance(found, _ANALYZED) else None


def _main(construct: IConstruct) -> IConstruct | None:
    """The resource of an L2 construct."""
    own = construct.node.default_child
    return own if own is not None else construct.node.try_find_child("Resource")


def _id(name: str) -> str:
    """A construct id out of the id of a guarantee."""
    return "".join(each if each.isalnum() else "-" for each in name)
