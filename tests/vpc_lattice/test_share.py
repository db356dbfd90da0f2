"""Shares by AWS Resource Access Manager, and what consumers may associate."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ram as ram
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Match, Template

from constructs_lattice import (
    ArgumentError,
    Auth,
    Principals,
    ResourceAssociation,
    ResourceConfiguration,
    ResourceDefinition,
    ResourceGateway,
    Service,
    ServiceAssociation,
    ServiceNetwork,
    Share,
)
from tests.vpc_lattice.vpcs import small_vpc

SHARE = "AWS::RAM::ResourceShare"
EVERYBODY = Principals(accounts=("222222222222",))
PERMISSION = "arn:aws:ram::aws:permission/AWSRAMPermissionVpcLatticeServiceNetworkReadWrite"


def _arn(kind: str, account: str = "222222222222") -> str:
    prefix = {"servicenetwork": "sn", "service": "svc", "resourceconfiguration": "rcfg"}[kind]
    return f"arn:aws:vpc-lattice:eu-west-1:{account}:{kind}/{prefix}-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


def _network(stack: cdk.Stack) -> Any:
    return ServiceNetwork(stack, "It", auth=Auth.none())


def _service(stack: cdk.Stack) -> Any:
    return Service(stack, "It", auth=Auth.none())


def _resource(stack: cdk.Stack) -> Any:
    gateway = ResourceGateway(stack, "Gateway", vpc=small_vpc(stack, "Vpc"))
    return ResourceConfiguration.ip_address(stack, "It", gateway=gateway, ip_address="10.20.1.5", ports=[22])


@pytest.mark.parametrize("make", [_network, _service, _resource])
def test_each_kind_is_shared_in_one_line(stack: cdk.Stack, make: Callable[[cdk.Stack], Any]) -> None:
    """Within the organization, with the default permission of its type."""
    made = make(stack)
    share = made.share("Share", principals=EVERYBODY)
    assert isinstance(share.resource, ram.CfnResourceShare)
    Template.from_stack(stack).has_resource_properties(
        SHARE,
        {
            "Name": "Shop-It-Share",
            "ResourceArns": [{"Fn::GetAtt": [stack.get_logical_id(made.resource), "Arn"]}],
            "Principals": ["222222222222"],
            "AllowExternalPrincipals": False,
            "PermissionArns": Match.absent(),
            "Tags": [{"Key": "Name", "Value": "Shop/It/Share"}],
        },
    )
    assert stack.resolve(share.share_arn) == {"Fn::GetAtt": [stack.get_logical_id(share.resource), "Arn"]}


def test_several_things_are_shared_at_once(stack: cdk.Stack) -> None:
    """Of different kinds, L1 constructs among them, with others' permissions, beyond the organization."""
    network, service = ServiceNetwork(stack, "Net", auth=Auth.none()), vpclattice.CfnService(stack, "Svc")
    Share(
        stack,
        "Share",
        resources=[network, service],
        principals=EVERYBODY,
        allow_external_principals=True,
        permission_arns=[PERMISSION],
        share_name="mesh",
    )
    Template.from_stack(stack).has_resource_properties(
        SHARE,
        {
            "Name": "mesh",
            "ResourceArns": [stack.resolve(network.service_network_arn), {"Ref": "Svc"}],
            "AllowExternalPrincipals": True,
            "PermissionArns": [PERMISSION],
        },
    )


def _child(stack: cdk.Stack) -> Any:
    gateway = ResourceGateway(stack, "Gateway", vpc=small_vpc(stack, "Vpc"))
    group = ResourceConfiguration.group(stack, "Group", gateway=gateway)
    return group.add_child("It", ResourceDefinition.ip_address("10.20.1.5"), ports=[22])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_child, "Shop/Group/It is a child of a group, which is shared as a whole; share the group"),
        (
            lambda stack: ServiceNetwork(stack, "It", auth=Auth.none(), shareable=False),
            "Shop/It is a service network that is not shareable; make it with shareable=True",
        ),
        (
            lambda stack: ServiceNetwork.from_service_network_arn(stack, "It", _arn("servicenetwork")),
            "Shop/It belongs to account 222222222222, and only its owner can share it; share it in a stack there",
        ),
        (
            lambda stack: vpclattice.CfnTargetGroup(stack, "It", type="LAMBDA"),
            "Shop/It cannot be shared; give service networks, services, resource configurations",
        ),
    ],
    ids=["child", "not shareable", "foreign", "target group"],
)
def test_what_cannot_be_shared_is_refused(stack: cdk.Stack, make: Callable[[cdk.Stack], Any], message: str) -> None:
    """Parts, what is not meant to be, and what is others'."""
    made = make(stack)
    with pytest.raises(ArgumentError) as caught:
        Share(stack, "Share", resources=[made], principals=EVERYBODY)
    assert str(caught.value) == f"Shop/Share: {message}"
    assert stack.node.try_find_child("Share") is None


def test_an_empty_share_and_a_malformed_permission_are_refused(stack: cdk.Stack) -> None:
    """Nothing would come of the one, and the other is no ARN."""
    with pytest.raises(ArgumentError) as caught:
        Share(stack, "Share", resources=[], principals=EVERYBODY)
    assert str(caught.value) == "Shop/Share: resources is empty, so nothing would be shared; leave out the share"
    network = ServiceNetwork(stack, "Net", auth=Auth.none())
    with pytest.raises(ArgumentError) as caught:
        network.share("Share", principals=EVERYBODY, permission_arns=["ReadWrite"])
    assert str(caught.value) == (
        "Shop/Net/Share: permission_arns must be ARNs of permissions of AWS RAM, got 'ReadWrite'"
    )


def test_a_network_that_is_not_shareable_says_so(stack: cdk.Stack) -> None:
    """Only then: what is not said does not replace networks that are there."""
    usual = ServiceNetwork(stack, "Usual", auth=Auth.none())
    private = ServiceNetwork(stack, "Private", auth=Auth.none(), shareable=False)
    assert (usual.shareable, private.shareable) == (True, False)
    template = Template.from_stack(stack)
    for name, expected in (("Usual", Match.absent()), ("Private", {"enabled": False})):
        template.has_resource_properties(
            "AWS::VpcLattice::ServiceNetwork",
            {"SharingConfig": expected, "Tags": [{"Key": "Name", "Value": f"Shop/{name}"}]},
        )


def test_what_is_shared_is_associated_with_what_is_ones_own(stack: cdk.Stack) -> None:
    """A consumer names the other account's part by its ARN."""
    shared = ServiceNetwork.from_service_network_arn(stack, "Shared", _arn("servicenetwork"))
    ServiceAssociation(stack, "A", service_network=shared, service=Service(stack, "Own", auth=Auth.none()))
    own = ServiceNetwork(stack, "Net", auth=Auth.none())
    own.add_service("B", Service.from_service_arn(stack, "Theirs", _arn("service")))
    own.add_resource(
        "C", ResourceConfiguration.from_resource_configuration_arn(stack, "Db", _arn("resourceconfiguration"))
    )
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::VpcLattice::ServiceNetworkServiceAssociation", {"ServiceNetworkIdentifier": _arn("servicenetwork")}
    )
    template.has_resource_properties(
        "AWS::VpcLattice::ServiceNetworkServiceAssociation", {"ServiceIdentifier": _arn("service")}
    )
    template.has_resource_properties(
        "AWS::VpcLattice::ServiceNetworkResourceAssociation", {"ResourceConfigurationId": "rcfg-0123456789abcdef0"}
    )


def test_two_things_that_are_both_shared_cannot_be_associated(stack: cdk.Stack) -> None:
    """Whoever owns them; VPC Lattice wants one of the two to be one's own."""
    network = ServiceNetwork.from_service_network_arn(stack, "Net", _arn("servicenetwork"))
    service = Service.from_service_arn(stack, "Svc", _arn("service", "333333333333"))
    resource = ResourceConfiguration.from_resource_configuration_arn(stack, "Db", _arn("resourceconfiguration"))
    tail = (
        ", and what is shared cannot be associated with what is shared; "
        "associate them in a stack of one of their owners"
    )
    with pytest.raises(ArgumentError) as caught:
        network.add_service("X", service)
    assert str(caught.value) == (
        "Shop/Net/X: service network Shop/Net belongs to account 222222222222 and service Shop/Svc to account "
        f"333333333333{tail}"
    )
    with pytest.raises(ArgumentError) as caught:
        ResourceAssociation(stack, "X", service_network=network, resource_configuration=resource)
    assert str(caught.value) == (
        "Shop/X: service network Shop/Net belongs to account 222222222222 and resource configuration Shop/Db to "
        f"account 222222222222{tail}"
    )


def test_an_account_that_is_not_known_is_not_judged() -> None:
    """A stack without an env may be deployed to the owner's account; a token may be anybody's."""
    stack = cdk.Stack(cdk.App(), "Shop")
    network = ServiceNetwork.from_service_network_arn(stack, "Net", _arn("servicenetwork"))
    network.add_service("A", Service.from_service_arn(stack, "Svc", _arn("service")))
    network.share("Share", principals=EVERYBODY)
    known = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    token = ServiceNetwork.from_service_network_arn(known, "Net", cdk.Fn.import_value("Net"))
    token.add_service("A", Service.from_service_arn(known, "Svc", _arn("service")))
    Template.from_stack(known).resource_count_is("AWS::VpcLattice::ServiceNetworkServiceAssociation", 1)
