"""The policies of endpoints: what passes, and what does not."""

from typing import Any, NamedTuple

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import (
    ArgumentError,
    EndpointPolicy,
    EndpointSet,
    FlowLogs,
    GatewayEndpoint,
    GatewayService,
    InterfaceEndpoint,
    Tier,
    Vpc,
)
from tests.vpc.endpoint_requests import ECR, ORGANIZATION, OTHER, OWN, REGION, passes, policies

MINE, YOURS = "arn:aws:s3:::mine/key", "arn:aws:s3:::yours/key"
LAYERS = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/layer"


class Request(NamedTuple):
    """Who asks for what; `owner` has the resource."""

    service: str
    action: str
    resource: str
    principal: str | None
    owner: str


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _vpc(stack: cdk.Stack, **arguments: Any) -> Vpc:
    arguments = {"gateway_endpoints": (), "interface_endpoints": (), **arguments}
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated("app")], flow_logs=FlowLogs.none(), **arguments)


def _s3(stack: cdk.Stack, policy: EndpointPolicy | None = None) -> Any:
    _vpc(stack, gateway_endpoints=[GatewayService.S3], endpoint_policy=policy)
    return policies(stack)["s3"]


def _interface(stack: cdk.Stack, service: str, policy: EndpointPolicy | None = None) -> Any:
    _vpc(stack, interface_endpoints=[service], endpoint_policy=policy)
    return policies(stack)[service]


def _passes(policy: Any, request_: Request) -> bool:
    return passes(policy, request_.action, request_.resource, principal=request_.principal, owner=request_.owner)


def _anybody(**fields: Any) -> iam.PolicyStatement:
    return iam.PolicyStatement(principals=[iam.AnyPrincipal()], **fields)


def test_gateway_endpoints_are_for_the_account_by_default(stack: cdk.Stack) -> None:
    """Its principals, with its resources; and AWS services that call by themselves."""
    _vpc(stack, gateway_endpoints=[GatewayService.DYNAMODB])
    (endpoint,) = Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    own = [{"Ref": "AWS::AccountId"}]
    assert endpoint["Properties"]["PolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "TrustedPrincipals",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "*",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:PrincipalAccount": own, "aws:ResourceAccount": own}},
            },
            {
                "Sid": "AwsServices",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}},
            },
        ],
    }


@pytest.mark.parametrize(
    ("action", "resource", "principal", "owner", "expected"),
    [
        ("s3:PutObject", MINE, OWN, OWN, True),
        ("s3:PutObject", YOURS, OWN, OTHER, False),
        ("s3:GetObject", YOURS, OWN, OTHER, False),
        ("s3:GetObject", YOURS, OTHER, OTHER, False),
        ("s3:GetObject", MINE, OTHER, OWN, False),
        ("s3:GetObject", MINE, None, OWN, False),
        # The account of ECR has signed the request for a layer.
        ("s3:GetObject", LAYERS, ECR, ECR, True),
        ("s3:PutObject", LAYERS, OWN, ECR, False),
        ("s3:GetObject", f"arn:aws:s3:::al2023-repos-{REGION}-de612dc2/core/mirrors", None, OTHER, True),
        ("s3:GetObject", f"arn:aws:s3:::amazonlinux-2-repos-{REGION}/2/core", None, OTHER, True),
        ("s3:GetObject", f"arn:aws:s3:::amazon-ssm-{REGION}/latest/VERSION", None, OTHER, True),
        ("s3:GetObject", f"arn:aws:s3:::amazon-ssm-{REGION}/latest/VERSION", OWN, OTHER, True),
        ("s3:GetObject", f"arn:aws:s3:::patch-baseline-snapshot-{REGION}/snapshot", None, OTHER, True),
        ("s3:GetObject", f"arn:aws:s3:::amazoncloudwatch-agent-{REGION}/agent", None, OTHER, True),
        ("s3:GetObject", f"arn:aws:s3:::aws-codedeploy-{REGION}/agent", None, OTHER, True),
        # A bucket that begins like one of AWS's may be anybody's.
        ("s3:GetObject", f"arn:aws:s3:::amazon-ssm-{REGION}-evil/key", None, OTHER, False),
        ("s3:GetObject", f"arn:aws:s3:::aws-patch-manager-{REGION}-5522fb710/module", None, OTHER, False),
        ("s3:PutObject", "arn:aws:s3:::cloudformation-custom-resource-response-euwest1/answer", OTHER, OTHER, True),
        ("s3:PutObject", f"arn:aws:s3:::cloudformation-waitcondition-{REGION}/answer", OTHER, OTHER, True),
        ("s3:GetObject", f"arn:aws:s3:::cloudformation-waitcondition-{REGION}/answer", OTHER, OTHER, False),
    ],
)
def test_what_passes_the_endpoint_of_s3(
    stack: cdk.Stack, action: str, resource: str, principal: str | None, owner: str, *, expected: bool
) -> None:
    """One's own, and those of AWS's buckets that agents, packages and containers need."""
    assert passes(_s3(stack), action, resource, principal=principal, owner=owner) is expected


def test_aws_services_pass_whoever_owns_the_resource(stack: cdk.Stack) -> None:
    """What they do on one's behalf, with their own identity."""
    policy = _s3(stack)
    assert passes(policy, "s3:PutObject", YOURS, principal=None, owner=OTHER, is_service=True)


def test_buckets_of_patch_manager_pass_where_the_region_is_known() -> None:
    """Their names are in a table; a wildcard would admit buckets of others."""
    stack = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region=REGION))
    policy = _s3(stack)
    for bucket in ("aws-patch-manager-eu-west-1-5522fb710", "aws-patchmanager-macos-eu-west-1-5522fb710"):
        assert passes(policy, "s3:GetObject", f"arn:aws:s3:::{bucket}/module", principal=None, owner=OTHER)


@pytest.mark.parametrize("region", ["me-south-1", "cn-north-1"])
def test_regions_differ_in_their_buckets_of_patch_manager(region: str) -> None:
    """Some have snapshots in a bucket with an ending, and of some nothing is known."""
    stack = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region=region))
    names = str(_s3(stack))
    assert ("patch-baseline-snapshot-me-south-1-uduvl7q8" in names) is (region == "me-south-1")
    assert ("aws-patch-manager" in names) is (region == "me-south-1")


@pytest.mark.parametrize(
    "request_",
    [
        Request("ecr.api", "ecr:GetAuthorizationToken", "*", OWN, OWN),
        Request("ecr.api", "ecr:BatchGetImage", f"arn:aws:ecr:{REGION}:{OWN}:repository/shop", OWN, OWN),
        Request("ecr.dkr", "ecr:BatchGetImage", f"arn:aws:ecr:{REGION}:{OWN}:repository/shop", OWN, OWN),
        Request("ecr.dkr", "ecr:GetDownloadUrlForLayer", f"arn:aws:ecr:{REGION}:{OWN}:repository/shop", OWN, OWN),
        Request("ecr.dkr", "ecr:BatchGetImage", f"arn:aws:ecr:{REGION}:{OTHER}:repository/base", OWN, OTHER),
        Request("s3", "s3:GetObject", LAYERS, ECR, ECR),
        Request("logs", "logs:PutLogEvents", f"arn:aws:logs:{REGION}:{OWN}:log-group:app:log-stream:1", OWN, OWN),
        Request(
            "secretsmanager",
            "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:{REGION}:{OWN}:secret:a",
            OWN,
            OWN,
        ),
        Request("ssm", "ssm:GetParameters", f"arn:aws:ssm:{REGION}:{OWN}:parameter/shop", OWN, OWN),
        Request("ssmmessages", "ssmmessages:OpenControlChannel", "*", OWN, OWN),
    ],
)
def test_tasks_on_fargate_start_in_a_vpc_without_the_internet(stack: cdk.Stack, request_: Request) -> None:
    """Every request of a task that is starting passes the default policies."""
    _vpc(stack, gateway_endpoints=[GatewayService.S3], interface_endpoints=EndpointSet.FARGATE)
    assert _passes(policies(stack)[request_.service], request_)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request("ecr.dkr", "ecr:PutImage", f"arn:aws:ecr:{REGION}:{OTHER}:repository/base", OWN, OTHER), False),
        (Request("ecr.dkr", "ecr:BatchGetImage", f"arn:aws:ecr:{REGION}:{OWN}:repository/shop", OTHER, OWN), False),
        (Request("kms", "kms:Decrypt", f"arn:aws:kms:{REGION}:{OTHER}:key/1", OWN, OTHER), False),
        (Request("kms-fips", "kms:Decrypt", f"arn:aws:kms:{REGION}:{OTHER}:key/1", OWN, OTHER), False),
        (Request("ssm", "ssm:GetParameter", f"arn:aws:ssm:{REGION}::parameter/aws/service/ami", OWN, ECR), True),
        (Request("ssm", "ssm:GetParameter", f"arn:aws:ssm:{REGION}:{OTHER}:parameter/a", OWN, OTHER), False),
        (Request("ssm", "ssm:GetDocument", f"arn:aws:ssm:{REGION}::document/AWS-RunShellScript", OWN, ECR), True),
        (Request("ssm", "ssm:GetParameter", f"arn:aws:ssm:{REGION}::parameter/aws/service/ami", OTHER, ECR), False),
        (
            Request("lambda", "lambda:GetLayerVersion", f"arn:aws:lambda:{REGION}:{ECR}:layer:insights:1", OWN, ECR),
            True,
        ),
        (Request("lambda", "lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{OTHER}:function:f", OWN, OTHER), False),
        (Request("sts", "sts:AssumeRoleWithWebIdentity", f"arn:aws:iam::{OWN}:role/pod", None, OWN), True),
        (Request("sts", "sts:AssumeRoleWithWebIdentity", f"arn:aws:iam::{OTHER}:role/pod", None, OTHER), False),
        (Request("sts", "sts:AssumeRole", f"arn:aws:iam::{OWN}:role/pod", None, OWN), False),
        (Request("sts", "sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/deploy", OWN, OTHER), False),
        # What holds no data of others is for one's own principals, with whatever they mean.
        (Request("ec2", "ec2:RunInstances", f"arn:aws:ec2:{REGION}::image/ami-1", OWN, ECR), True),
        (Request("ec2", "ec2:RunInstances", f"arn:aws:ec2:{REGION}::image/ami-1", OTHER, ECR), False),
        (
            Request(
                "bedrock-runtime", "bedrock:InvokeModel", f"arn:aws:bedrock:{REGION}::foundation-model/m", OWN, ECR
            ),
            True,
        ),
    ],
)
def test_what_passes_interface_endpoints(stack: cdk.Stack, request_: Request, *, expected: bool) -> None:
    """Their services differ in what belongs to others and is needed all the same."""
    assert _passes(_interface(stack, request_.service), request_) is expected


def test_a_perimeter_around_some_accounts(stack: cdk.Stack) -> None:
    """The stack's own is always among them."""
    policy = _s3(stack, EndpointPolicy.accounts([OTHER]))
    for account in (OWN, OTHER):
        assert passes(policy, "s3:GetObject", YOURS, principal=account, owner=OTHER)
    assert not passes(policy, "s3:GetObject", YOURS, principal=OWN, owner=ECR)


def test_a_perimeter_around_an_organization(stack: cdk.Stack) -> None:
    """All its accounts, and no others; AWS's buckets still pass."""
    policy = _s3(stack, EndpointPolicy.organization(ORGANIZATION))
    assert passes(policy, "s3:GetObject", YOURS, principal=OWN, owner=OTHER)
    assert not passes(policy, "s3:GetObject", YOURS, principal=ECR, owner=OTHER)
    assert not passes(policy, "s3:PutObject", YOURS, principal=OWN, owner=ECR)
    assert passes(policy, "s3:GetObject", LAYERS, principal=ECR, owner=ECR)


def test_an_interface_endpoint_of_an_organization(stack: cdk.Stack) -> None:
    """Whose services have exceptions of their own."""
    policy = _interface(stack, "sts", EndpointPolicy.organization(ORGANIZATION))
    role = f"arn:aws:iam::{OTHER}:role/pod"
    assert passes(policy, "sts:AssumeRoleWithWebIdentity", role, principal=None, owner=OTHER)
    assert not passes(policy, "sts:AssumeRoleWithWebIdentity", role, principal=None, owner=ECR)


@pytest.mark.parametrize("is_gateway", [True, False])
def test_more_can_be_let_through(stack: cdk.Stack, *, is_gateway: bool) -> None:
    """Besides what the perimeter lets through."""
    more = _anybody(actions=["s3:GetObject"], resources=["arn:aws:s3:::yours/*"])
    policy = EndpointPolicy.same_account(also=[more])
    _vpc(
        stack,
        gateway_endpoints=[GatewayService.S3] if is_gateway else [],
        interface_endpoints=[] if is_gateway else ["s3"],
        endpoint_policy=policy,
    )
    sids = [statement.get("Sid") for statement in policies(stack)["s3"]["Statement"]]
    assert sids == ["TrustedPrincipals", "AwsServices", "AwsBuckets", "CloudFormationResponses", None]
    (document,) = (
        each["Properties"]["PolicyDocument"]
        for each in Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    )
    assert document["Statement"][-1] == {
        "Action": "s3:GetObject",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Resource": "arn:aws:s3:::yours/*",
    }


def test_a_policy_of_ones_own(stack: cdk.Stack) -> None:
    """It says what passes, and nothing else does; statements and documents will do, with tokens in them."""
    bucket = cdk.Fn.import_value("Bucket")
    document = iam.PolicyDocument(statements=[_anybody(actions=["s3:GetObject"], resources=[bucket])])
    policy = EndpointPolicy.of(document, _anybody(actions=["s3:ListBucket"], resources=["*"]))
    _vpc(
        stack,
        gateway_endpoints=[GatewayEndpoint(service=GatewayService.S3, policy=policy), GatewayService.DYNAMODB],
        interface_endpoints=[InterfaceEndpoint(service="kms", policy=policy), "logs"],
    )
    documents = {
        str(each["Properties"]["ServiceName"]): each["Properties"]["PolicyDocument"]["Statement"]
        for each in Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    }
    mine = [
        {
            "Action": "s3:GetObject",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Resource": {"Fn::ImportValue": "Bucket"},
        },
        {"Action": "s3:ListBucket", "Effect": "Allow", "Principal": {"AWS": "*"}, "Resource": "*"},
    ]
    s3, dynamodb, kms, logs = documents.values()
    assert s3 == kms == mine
    assert [each["Sid"] for each in dynamodb] == [each["Sid"] for each in logs] == ["TrustedPrincipals", "AwsServices"]


def test_endpoints_share_no_statement(stack: cdk.Stack) -> None:
    """Adding to the policy of one endpoint adds to that of no other."""
    policy = EndpointPolicy.of(_anybody(actions=["kms:*"], resources=["*"]))
    vpc = _vpc(stack, interface_endpoints=["kms", "sqs"], endpoint_policy=policy)
    vpc.interface_endpoints["kms"].add_to_policy(_anybody(actions=["kms:ListKeys"], resources=["*"]))
    policy.statements[0].add_actions("sns:*")
    lengths = {service: len(each["Statement"]) for service, each in policies(stack).items()}
    assert lengths == {"kms": 2, "sqs": 1}
    assert "sns:*" not in str(policies(stack))


def test_full_access_is_said_where_it_can_be(stack: cdk.Stack) -> None:
    """Nothing is written for services that might take no policy."""
    _vpc(
        stack,
        gateway_endpoints=[GatewayService.S3],
        interface_endpoints=["kms", "email-smtp", "workspaces"],
        endpoint_policy=EndpointPolicy.full_access(),
    )
    everything = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "FullAccess", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
    assert policies(stack) == {"s3": everything, "kms": everything, "email-smtp": None, "workspaces": None}
    Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


@pytest.mark.parametrize("service", ["email-smtp", "transfer.server", "eks-auth", "execute-api", "cognito-idp"])
def test_services_that_take_no_policy_or_anybodys_requests_get_none(stack: cdk.Stack, service: str) -> None:
    """Or the deployment would fail, or those who call them."""
    assert _interface(stack, service) is None
    Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


def test_of_services_that_are_not_known_the_author_is_told(stack: cdk.Stack) -> None:
    """They have no policy unless somebody says one."""
    assert _interface(stack, "workspaces") is None
    Annotations.from_stack(stack).has_warning(
        "/Shop/Vpc/workspaces-endpoint",
        "it is not known whether the endpoint of 'workspaces' takes a policy that asks who calls, so it has none and "
        "lets everything through; give it one by an InterfaceEndpoint "
        "[ack: constructs-lattice:endpoint-without-policy]",
    )


def test_of_services_that_are_not_known_a_policy_can_be_said(stack: cdk.Stack) -> None:
    """It is written as it is said."""
    _vpc(
        stack,
        interface_endpoints=[InterfaceEndpoint(service="workspaces", policy=EndpointPolicy.same_account())],
    )
    assert passes(policies(stack)["workspaces"], "workspaces:DescribeWorkspaces", "*", principal=OWN, owner=OTHER)
    Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: EndpointPolicy.accounts(["12345678901"]),
            "endpoint policy: accounts must hold account ids of twelve digits, got '12345678901'",
        ),
        (
            lambda: EndpointPolicy.accounts([OTHER, OTHER]),
            "endpoint policy: accounts names '444455556666' 2 times",
        ),
        (
            lambda: EndpointPolicy.accounts([]),
            "endpoint policy: accounts must name at least one, got none; ask for same_account()",
        ),
        (
            lambda: EndpointPolicy.organization("ou-1234"),
            "endpoint policy: organization_id must be the id of an organization such as o-a1b2c3d4e5, got 'ou-1234'",
        ),
        (
            EndpointPolicy.of,
            "endpoint policy: a policy of one's own must hold at least one statement, got none; ask for full_access()",
        ),
        (
            lambda: EndpointPolicy.of(iam.PolicyDocument()),
            "endpoint policy: a policy of one's own must hold at least one statement, got none; ask for full_access()",
        ),
        (
            lambda: EndpointPolicy.same_account(also=[iam.PolicyStatement(actions=["s3:*"], resources=["*"])]),
            "endpoint policy: statement 1 has no principal; the policy of an endpoint says for whom each statement is, "
            "such as iam.AnyPrincipal()",
        ),
    ],
)
def test_policies_that_are_none_are_refused(make: Any, message: str) -> None:
    """At the user's own line."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def test_accounts_and_organizations_may_be_known_to_the_deployment_only(stack: cdk.Stack) -> None:
    """Tokens pass."""
    account = cdk.Fn.import_value("Account")
    _vpc(stack, gateway_endpoints=[GatewayService.S3], endpoint_policy=EndpointPolicy.accounts([account]))
    (endpoint,) = Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    assert endpoint["Properties"]["PolicyDocument"]["Statement"][0]["Condition"]["StringEquals"] == {
        key: [{"Ref": "AWS::AccountId"}, {"Fn::ImportValue": "Account"}]
        for key in ("aws:PrincipalAccount", "aws:ResourceAccount")
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {
                "gateway_endpoints": [GatewayService.S3],
                "endpoint_policy": EndpointPolicy.of(
                    iam.PolicyStatement(
                        principals=[iam.AccountPrincipal(OTHER)], actions=["s3:GetObject"], resources=["*"]
                    )
                ),
            },
            "Shop/Vpc: gateway endpoint 's3': statement 1 of its policy must be for everybody, iam.StarPrincipal(), in "
            "a gateway endpoint; compare aws:PrincipalArn to speak of some principals",
        ),
        (
            {"gateway_endpoints": [GatewayService.S3, GatewayService.S3]},
            "Shop/Vpc: gateway_endpoints names 's3' more than once",
        ),
        (
            {
                "gateway_endpoints": [GatewayService.S3],
                "endpoint_policy": EndpointPolicy.of(
                    _anybody(actions=["s3:GetObject"], resources=[f"arn:aws:s3:::{'b' * 60}{n}/*" for n in range(300)])
                ),
            },
            "Shop/Vpc: gateway endpoint 's3': its policy must be up to 20,480 characters long, got 24,618; say less in "
            "it",
        ),
        (
            {
                "interface_endpoints": ["kms"],
                "endpoint_policy": EndpointPolicy.of(
                    _anybody(actions=["kms:*"], resources=[f"arn:aws:s3:::{'b' * 60}{n}/*" for n in range(300)])
                ),
            },
            "Shop/Vpc: interface endpoint 'kms': its policy must be up to 20,480 characters long, got 24,611; say less "
            "in it",
        ),
    ],
)
def test_policies_that_no_endpoint_takes_are_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """With nothing left behind."""
    with pytest.raises(ArgumentError) as caught:
        _vpc(stack, **arguments)
    assert str(caught.value) == message
    assert stack.node.children == []
