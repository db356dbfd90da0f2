"""The condition keys of a request to VPC Lattice: which it has, with which values.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-condition-keys
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from constructs_lattice.authorization.caller import Caller, LocationKind
from constructs_lattice.authorization.context import (
    ABSENT,
    Absent,
    ContextValue,
    Doubtful,
    RequestContext,
    present,
    undetermined,
)
from constructs_lattice.authorization.entrance import NetworkView
from constructs_lattice.authorization.principal import NOBODY, Principal
from constructs_lattice.authorization.request import Protocol, Request
from constructs_lattice.authorization.signer import SignerKind
from constructs_lattice.model.lattice import Client, Service
from constructs_lattice.model.policies import Tags
from constructs_lattice.model.symbolic import SymbolicText, compose
from constructs_lattice.model.unknown import Unknown

__all__ = ["CONNECT", "INVOKE", "NO_STACK_TAGS", "context_of"]

INVOKE = "vpc-lattice-svcs:Invoke"
"""A request over HTTP or HTTPS. Its resource is the ARN of the service with the path."""

CONNECT = "vpc-lattice-svcs:Connect"
"""A connection over TLS that is passed through. Its resource is the ARN of the service."""

NO_STACK_TAGS = "ASSUME-TAGS: the deployment adds no tags to those of the templates"

_HEADER = "vpc-lattice-svcs:RequestHeader/"
_QUERY = "vpc-lattice-svcs:RequestQueryString/"
_PRINCIPAL_TAG = "aws:PrincipalTag/"
_RESOURCE_TAG = "aws:ResourceTag/"

# Keys that only requests by services, by tagging operations or with a session of their own have.
_NEVER = (
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:TagKeys",
)
_OF_A_SIGNER = (
    "aws:AssumedRoot",
    "aws:ChatbotSourceArn",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:Ec2InstanceSourceVpc",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:SourceIdentity",
    "aws:TokenIssueTime",
    "aws:username",
)
_OF_HTTP = ("vpc-lattice-svcs:RequestMethod", "vpc-lattice-svcs:RequestPath")
_SIGNED_HEADERS = ("authorization", "x-amz-date")
_SESSION_TOKEN = "x-amz-security-token"  # noqa: S105 - the name of a header


def context_of(
    *,
    caller: Caller,
    principal: Principal,
    request: Request,
    service: Service,
    view: NetworkView,
    client: Client | None,
    is_direct: bool = True,
) -> RequestContext:
    """The context of a request that goes through a service network; or through another VPC, if it is not direct."""
    if request.protocol is Protocol.TLS:
        # Nothing is read of what passes through, a signature neither.
        principal = NOBODY
    is_http = request.protocol is not Protocol.TLS
    keys: dict[str, ContextValue] = {
        **dict.fromkeys(_NEVER, ABSENT),
        **_about_principal(principal),
        **_about_connection(caller, request, service, view, client if is_direct else None),
        **(dict(_about_http(request, principal)) if is_http else dict.fromkeys(_OF_HTTP, ABSENT)),
    }
    return RequestContext(
        action=INVOKE if is_http else CONNECT,
        resource=compose((service.arn, request.path)) if is_http else service.arn,
        signer=principal.signer,
        keys=keys,
        families={
            _HEADER: ABSENT,
            _QUERY: ABSENT,
            "aws:RequestTag/": ABSENT,
            _PRINCIPAL_TAG: _other_principal_tags(principal),
            _RESOURCE_TAG: _other_tags(service.tags),
        },
        others=ABSENT if principal.is_anonymous else undetermined(f"nobody knows the session of {principal.name}"),
    )


def _about_connection(
    caller: Caller, request: Request, service: Service, view: NetworkView, client: Client | None
) -> Mapping[str, ContextValue]:
    is_inside = caller.location.kind is LocationKind.VPC and client is not None
    outside = undetermined(f"which VPC a request from {caller.vpc} counts for is not documented")
    is_secure: ContextValue = present("true" if request.protocol is Protocol.HTTPS else "false")
    return {
        "vpc-lattice-svcs:Port": present(str(request.port)),
        "vpc-lattice-svcs:ServiceArn": present(service.arn),
        "vpc-lattice-svcs:ServiceNetworkArn": present(_network_arn(view)),
        "vpc-lattice-svcs:SourceVpc": present(client.physical_id) if is_inside and client else outside,
        "vpc-lattice-svcs:SourceVpcOwnerAccount": (
            present(caller.source_account or client.account) if is_inside and client else outside
        ),
        "aws:RequestedRegion": present(service.region),
        "aws:ResourceAccount": present(service.account),
        "aws:SecureTransport": undetermined("what is passed through is not read")
        if request.protocol is Protocol.TLS
        else is_secure,
        "aws:ViaAWSService": present("false"),
        "aws:CurrentTime": present(Unknown("nobody knows when the request is made")),
        "aws:EpochTime": present(Unknown("nobody knows when the request is made")),
        **{f"{_RESOURCE_TAG}{key}": present(value) for key, value in service.tags.known.items()},
    }


def _network_arn(view: NetworkView) -> SymbolicText:
    if view.network is not None or str(view.arn).startswith("arn:"):
        return view.arn
    return Unknown(f"nobody knows the ARN of {view.name}")


def _about_http(request: Request, principal: Principal) -> Iterator[tuple[str, ContextValue]]:
    yield "vpc-lattice-svcs:RequestMethod", present(request.method)
    yield "vpc-lattice-svcs:RequestPath", present(request.path)
    yield f"{_HEADER}host", present(Unknown("nobody says which host the request is for"))
    if not principal.is_anonymous:
        yield f"{_HEADER}x-amz-content-sha256", present("UNSIGNED-PAYLOAD")
        for name in _SIGNED_HEADERS:
            yield f"{_HEADER}{name}", present(Unknown(f"nobody knows the header {name}"))
        # Sessions have one, keys of a user have none.
        yield f"{_HEADER}{_SESSION_TOKEN}", undetermined(f"nobody knows the header {_SESSION_TOKEN}")
    for name, value in request.headers.items():
        yield f"{_HEADER}{name}", present(value)
    if not request.is_grpc:
        for key, values in request.query.items():
            yield f"{_QUERY}{key}", present(*values)


def _about_principal(principal: Principal) -> dict[str, ContextValue]:
    signer = principal.signer
    if principal.is_anonymous:
        anonymous: dict[str, ContextValue] = dict.fromkeys(_OF_A_SIGNER, ABSENT)
        either = "whether anonymous requests have {} is documented in two ways"
        for name in ("aws:PrincipalAccount", "aws:userid"):
            anonymous[name] = Doubtful((present("anonymous"), ABSENT), either.format(name))
        return {**anonymous, "aws:PrincipalType": present(SignerKind.ANONYMOUS.value)}
    session = f"nobody knows the session of {principal.name}"
    is_role = signer.kind is SignerKind.ROLE
    keys: dict[str, ContextValue] = {
        "aws:PrincipalArn": present(signer.arn),
        "aws:PrincipalAccount": present(signer.account),
        "aws:PrincipalIsAWSService": present("false"),
        "aws:PrincipalOrgID": _organization(principal),
        "aws:PrincipalOrgPaths": _organization_paths(principal),
        "aws:PrincipalType": present(signer.kind.value),
        "aws:userid": present(Unknown(session)),
        "aws:username": ABSENT,
        "aws:TokenIssueTime": present(Unknown(session)) if is_role else undetermined(session),
        **_principal_tags(principal),
    }
    if signer.kind is SignerKind.USER:
        outside = str(signer.arn).rpartition("/")[2]
        keys["aws:username"] = present(principal.identity.name if principal.identity else outside)
    if signer.kind is SignerKind.SOMEBODY:
        keys["aws:PrincipalType"] = present(Unknown(session))
        keys["aws:username"] = undetermined(session)
    return keys


def _organization(principal: Principal) -> ContextValue:
    if principal.organization is not None:
        return present(principal.organization)
    return undetermined(f"nobody says which organization the account of {principal.name} is in")


def _organization_paths(principal: Principal) -> ContextValue:
    if principal.organization is None:
        return _organization(principal)
    place = Unknown(f"nobody says where in its organization the account of {principal.name} is")
    return present(compose((f"{principal.organization}/", place)))


def _principal_tags(principal: Principal) -> Mapping[str, ContextValue]:
    own = principal.identity.tags.known if principal.identity else {}
    return {f"{_PRINCIPAL_TAG}{key}": present(value) for key, value in {**own, **principal.session_tags}.items()}


def _other_principal_tags(principal: Principal) -> ContextValue:
    if principal.is_anonymous:
        return ABSENT
    if principal.identity is None:
        return undetermined(f"nobody knows the tags of {principal.name}")
    return _other_tags(principal.identity.tags)


def _other_tags(tags: Tags) -> ContextValue:
    return undetermined(tags.doubt.reason) if tags.doubt else Absent(NO_STACK_TAGS)
