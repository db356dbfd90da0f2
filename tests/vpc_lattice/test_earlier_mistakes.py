"""What earlier attempts at constructs for VPC Lattice got wrong, none of which may happen here.

Each test is named after a mistake; the details are tested where they belong.
"""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53
from aws_cdk.assertions import Template

from constructs_lattice import (
    AccessLogs,
    Action,
    ArgumentError,
    Auth,
    HeaderMatch,
    HealthCheck,
    Listener,
    ListenerProtocol,
    Match,
    Method,
    Principals,
    Service,
    ServiceNetwork,
    TargetGroup,
)

ID = "0123456789abcdef0"
GONE = Action.fixed_response(404)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _only(stack: cdk.Stack, type_: str) -> dict[str, Any]:
    (resource,) = Template.from_stack(stack).find_resources(f"AWS::VpcLattice::{type_}").values()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def test_the_certificate_and_the_custom_domain_name_were_dropped(stack: cdk.Stack) -> None:
    """They are in the template."""
    arn = "arn:aws:acm:eu-west-1:111111111111:certificate/0f1e2d3c"
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", arn)
    Service(stack, "Orders", custom_domain_name="orders.example.com", certificate=certificate)
    service = _only(stack, "Service")
    assert (service["CustomDomainName"], service["CertificateArn"]) == ("orders.example.com", arn)


def test_supplied_security_groups_were_ignored(stack: cdk.Stack) -> None:
    """They are those of the association."""
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id=f"vpc-{ID}", availability_zones=["eu-west-1a"])
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", f"sg-{ID}")
    ServiceNetwork(stack, "Mesh").add_vpc_association("Vpc", vpc=vpc, security_groups=[group])
    assert _only(stack, "ServiceNetworkVpcAssociation")["SecurityGroupIds"] == [f"sg-{ID}"]


def test_every_service_asked_for_the_organization_by_a_custom_resource(stack: cdk.Stack) -> None:
    """There are no custom resources, and no functions of our own: what is made is what was asked for."""
    Service(stack, "Orders", service_networks=[ServiceNetwork(stack, "Mesh")]).add_listener(
        "Https", default_action=GONE
    )
    types = {resource["Type"] for resource in Template.from_stack(stack).to_json()["Resources"].values()}
    assert {each.rpartition("::")[0] for each in types} == {"AWS::VpcLattice"}


def test_duplicate_priorities_were_compared_by_their_positions(stack: cdk.Stack) -> None:
    """They are compared by their values."""
    listener = Service(stack, "Orders").add_listener("Https", default_action=GONE)
    for priority in (30, 10, 20):
        listener.add_rule(f"At{priority}", match=Match.path_exact(f"/{priority}"), action=GONE, priority=priority)
    with pytest.raises(ArgumentError, match="priority 10 is taken by rule 'At10'; choose another"):
        listener.add_rule("Again", match=Match.path_exact("/again"), action=GONE, priority=10)


def test_prefixes_and_parts_of_headers_never_matched(stack: cdk.Stack) -> None:
    """Each kind of condition is rendered as itself."""
    headers = [HeaderMatch.exact("a", "x"), HeaderMatch.prefix("b", "y"), HeaderMatch.contains("c", "z")]
    listener = Service(stack, "Orders").add_listener("Https", default_action=GONE)
    listener.add_rule("Rule", match=Match.header_is(*headers), action=GONE)
    matches = _only(stack, "Rule")["Match"]["HttpMatch"]["HeaderMatches"]
    assert [each["Match"] for each in matches] == [{"Exact": "x"}, {"Prefix": "y"}, {"Contains": "z"}]


def test_arns_for_policies_were_built_for_one_account(stack: cdk.Stack) -> None:
    """What belongs to another account keeps the account in its ARN."""
    arn = f"arn:aws:vpc-lattice:eu-west-1:222222222222:service/svc-{ID}"
    service = Service.from_service_arn(stack, "Theirs", arn)
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    role.add_to_policy(iam.PolicyStatement(actions=["vpc-lattice-svcs:Invoke"], resources=[f"{service.service_arn}/*"]))
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    assert policy["Properties"]["PolicyDocument"]["Statement"][0]["Resource"] == f"{arn}/*"
    assert service.env.account == "222222222222"


def test_an_asset_was_not_packaged() -> None:
    """There is none: nothing is uploaded but the template itself."""
    app = cdk.App()
    stack = cdk.Stack(app, "Shop")
    Service(stack, "Orders", service_networks=[ServiceNetwork(stack, "Mesh")]).add_listener(
        "Https", default_action=GONE
    )
    manifest = json.loads((Path(app.synth().directory) / "Shop.assets.json").read_text())
    assert [file["source"]["path"] for file in manifest["files"].values()] == ["Shop.template.json"]
    assert manifest["dockerImages"] == {}


@pytest.mark.parametrize("sn", [f"sn-{ID}", "sn-0bf3f2882e9cc805a"])
def test_real_ids_and_tokens_were_refused_by_imports(stack: cdk.Stack, sn: str) -> None:
    """They are what is imported."""
    assert ServiceNetwork.from_service_network_id(stack, "Real", sn).service_network_id == sn
    token = cdk.Fn.import_value("Network")
    assert ServiceNetwork.from_service_network_arn(stack, "Arn", token).service_network_arn == token
    assert ServiceNetwork.from_service_network_id(stack, "Id", token).service_network_arn.endswith(f"/{token}")


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov", "aws-eusc", "aws-iso-b"])
def test_the_partition_was_hard_coded(stack: cdk.Stack, partition: str) -> None:
    """It is taken from what is given, or from the stack; it is written nowhere."""
    arn = f"arn:{partition}:vpc-lattice:xx-west-1:111111111111:targetgroup/tg-{ID}"
    group = TargetGroup.from_target_group_arn(stack, "Group", arn)
    network = ServiceNetwork.from_service_network_id(stack, "Mesh", f"sn-{ID}")
    service = Service(stack, "Orders", service_networks=[network])
    service.add_listener("Https", default_action=Action.forward(group))
    text = str(Template.from_stack(stack).to_json()["Resources"])
    assert "arn:aws:" not in text
    assert arn in text


@pytest.mark.parametrize("length", [10, 12, 32])
def test_ids_of_organizations_had_to_have_twelve_characters(length: int) -> None:
    """They have 10 to 32."""
    arn = f"arn:aws:organizations::111111111111:organization/o-{'a' * length}"
    assert Principals.of_organization(arn).all == [arn]
    assert Auth.organization(f"o-{'a' * length}").admission is not None


def test_a_statement_for_one_service_reached_all_others(stack: cdk.Stack) -> None:
    """Each policy has statements of its own, whatever value it began with."""
    auth = Auth.same_account()
    first, second = (Service(stack, name, auth=auth) for name in ("First", "Second"))
    first.add_to_auth_policy(
        iam.PolicyStatement(actions=["vpc-lattice-svcs:Invoke"], resources=["*"], principals=[iam.AnyPrincipal()])
    )
    documents = [service.auth_policy.document for service in (first, second)]
    assert [document and len(document["Statement"]) for document in documents] == [2, 1]
    assert Service(stack, "Third", auth=Auth.same_account()).auth_policy.document is not documents[1]


def test_the_auth_policy_was_made_by_an_aspect(stack: cdk.Stack) -> None:
    """It is there when its service is, and not only at synthesis."""
    service = Service(stack, "Orders")
    assert service.auth_policy.node.try_find_child("Resource") is not None


def test_patch_and_answers_of_2xx_were_accepted() -> None:
    """CloudFormation takes no PATCH, and VPC Lattice answers with 404 or 500 only."""
    with pytest.raises(ArgumentError, match=r"method must be one of CONNECT, .*, got 'PATCH'"):
        Match.method_is(Method.PATCH)
    with pytest.raises(ArgumentError, match=r"method must be one of CONNECT, .*, got 'LINK'"):
        Match.method_is("LINK")  # type: ignore[arg-type]  # what a caller without mypy could write
    with pytest.raises(ArgumentError, match="status_code must be 404 or 500, got 200"):
        Action.fixed_response(200)


def test_logs_went_to_a_data_stream_of_kinesis() -> None:
    """Firehose is what takes them."""
    with pytest.raises(ArgumentError, match="must be the ARN of a Firehose delivery stream"):
        AccessLogs.to_firehose("arn:aws:kinesis:eu-west-1:111111111111:stream/orders")


def test_there_was_a_record_for_ipv4_only(stack: cdk.Stack) -> None:
    """There is one for IPv6, too."""
    zone = route53.HostedZone(stack, "Zone", zone_name="example.com")
    Service(stack, "Orders", custom_domain_name="orders.example.com", hosted_zone=zone)
    records = Template.from_stack(stack).find_resources("AWS::Route53::RecordSet").values()
    assert sorted(each["Properties"]["Type"] for each in records) == ["A", "AAAA"]


def test_thresholds_of_health_checks_began_at_1() -> None:
    """They begin at 2."""
    with pytest.raises(ArgumentError, match="health check: healthy_threshold must be 2 to 10, got 1"):
        HealthCheck(healthy_threshold=1)
    with pytest.raises(ArgumentError, match="health check: unhealthy_threshold must be 2 to 10, got 1"):
        HealthCheck(unhealthy_threshold=1)
    HealthCheck(healthy_threshold=2, unhealthy_threshold=2)


def test_two_listeners_without_names_had_one_id(stack: cdk.Stack) -> None:
    """An id is the caller's own, a name is CloudFormation's."""
    service = Service(stack, "Orders")
    service.add_listener("Https", default_action=GONE)
    Listener(stack, "Http", service=service, protocol=ListenerProtocol.HTTP, default_action=GONE)
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::Listener", 2)
