"""Small lattices, made by hand: one VPC, one service network, one service, and a role."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from typing import Any

from constructs_lattice.authorization import Authorizer, Caller, Decision, Protocol, Request
from constructs_lattice.model.lattice import (
    AuthPolicy,
    AuthType,
    Client,
    FixedResponse,
    Lattice,
    Listener,
    ListenerProtocol,
    Service,
    ServiceAssociation,
    ServiceNetwork,
    VpcAssociation,
)
from constructs_lattice.model.policies import Identity, IdentityKind, IdentityPolicy, Tags
from constructs_lattice.model.symbolic import Generated, SymbolicText, compose

ACCOUNT = "111111111111"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"
ALLOW_ALL = {"Effect": "Allow", "Principal": "*", "Action": "vpc-lattice-svcs:Invoke", "Resource": "*"}
ALLOW_ALL_OF_ROLE = {"Effect": "Allow", "Action": "vpc-lattice-svcs:Invoke", "Resource": "*"}


def generated(prefix: str, name: str) -> SymbolicText:
    """An id, such as `svc-…`."""
    return compose((prefix, Generated(name=f"{name}.Id", kind=prefix)))


def arn(kind: str, prefix: str, name: str) -> SymbolicText:
    """An ARN of VPC Lattice."""
    return compose((f"arn:aws:vpc-lattice:eu-west-1:{ACCOUNT}:{kind}/", generated(prefix, name)))


SERVICE = arn("service", "svc-", "S.Api")
NETWORK = arn("servicenetwork", "sn-", "S.Mesh")
LISTENER = Listener(id="S.Http", protocol=ListenerProtocol.HTTP, port=80, default_action=FixedResponse(status_code=404))


def document(*statements: Any, version: str = "2012-10-17") -> Any:
    """A policy document."""
    return {"Version": version, "Statement": list(statements)}


@dataclass(frozen=True, kw_only=True)
class Estate:
    """What varies in these tests. Auth without statements is NONE."""

    network: Sequence[Any] | None = None
    service: Sequence[Any] | None = None
    identity: Sequence[Any] = ()
    boundary: Sequence[Any] | None = None
    tags: dict[str, str] = field(default_factory=dict)
    service_tags: dict[str, str] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = (LISTENER,)
    version: str = "2012-10-17"

    def with_level(self, level: str, statements: Sequence[Any]) -> "Estate":
        """The same with other statements at a level: network, service, identity or boundary."""
        changes: dict[str, Any] = {level: statements}
        return replace(self, **changes)

    def lattice(self) -> Lattice:
        """Put together."""
        levels = (("S.MeshAuth", NETWORK, self.network), ("S.ApiAuth", SERVICE, self.service))
        policies = [
            AuthPolicy(id=name, resource=resource, document=document(*statements, version=self.version))
            for name, resource, statements in levels
            if statements
        ]
        role = Identity(
            id="S.Web",
            kind=IdentityKind.ROLE,
            name="web",
            arn=ROLE,
            account=ACCOUNT,
            root_arn=f"arn:aws:iam::{ACCOUNT}:root",
            session=f"arn:aws:sts::{ACCOUNT}:assumed-role/web/",
            tags=Tags(known=dict(self.tags)),
            policies=(IdentityPolicy(id="S.Web policy p", document=document(*self.identity, version=self.version)),)
            if self.identity
            else (),
            boundary=None
            if self.boundary is None
            else IdentityPolicy(id="S.Fence", document=document(*self.boundary, version=self.version)),
        )
        return Lattice(
            networks={
                "S.Mesh": ServiceNetwork(
                    id="S.Mesh",
                    arn=NETWORK,
                    physical_id=generated("sn-", "S.Mesh"),
                    account=ACCOUNT,
                    auth_type=AuthType.NONE if self.network is None else AuthType.AWS_IAM,
                )
            },
            services={
                "S.Api": Service(
                    id="S.Api",
                    arn=SERVICE,
                    physical_id=generated("svc-", "S.Api"),
                    account=ACCOUNT,
                    region="eu-west-1",
                    auth_type=AuthType.NONE if self.service is None else AuthType.AWS_IAM,
                    tags=Tags(known=dict(self.service_tags)),
                    listeners=self.listeners,
                )
            },
            service_associations=(ServiceAssociation(id="S.ApiInMesh", service=SERVICE, network=NETWORK),),
            vpc_associations=(VpcAssociation(id="S.VpcInMesh", vpc=generated("vpc-", "S.Vpc"), network=NETWORK),),
            auth_policies=tuple(policies),
            clients={
                "S.Vpc": Client(
                    id="S.Vpc",
                    physical_id=generated("vpc-", "S.Vpc"),
                    account=ACCOUNT,
                    blocks=(ip_network("10.0.0.0/16"),),
                )
            },
            identities={"S.Web": role},
        )

    def authorizer(self) -> Authorizer:
        """Ready to be asked."""
        return Authorizer(lattice=self.lattice())

    def ask(self, path: str = "/", *, caller: Caller | None = None, **request: Any) -> Decision:
        """Decide about a request, of an anonymous caller if none is given."""
        asked = Request(service="S.Api", protocol=Protocol.HTTP, path=path)
        return self.authorizer().authorize(caller or Caller(vpc="S.Vpc"), replace(asked, **request))


WEB = Caller(vpc="S.Vpc", principal="S.Web")
ANONYMOUS = Caller(vpc="S.Vpc")
