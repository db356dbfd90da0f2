"""Policies of target groups, VPC associations, callers and access logs; exports and imports of Services."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
import yaml
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from constructs_lattice import (
    AccessLogPolicy,
    AccessLogs,
    ArgumentError,
    Auth,
    Backend,
    ExportedPort,
    GatewayListener,
    HealthCheck,
    HttpRoute,
    HttpRule,
    IamAuthPolicy,
    LatticeGateway,
    ObjectRef,
    ProtocolVersion,
    RouteType,
    ServiceExport,
    ServiceImport,
    ServiceNetwork,
    TargetGroupPolicy,
    TargetProtocol,
    TlsRoute,
    VpcAssociationPolicy,
)
from constructs_lattice.gateway_api import KubernetesObject

GATEWAY = LatticeGateway(
    name="shop", namespace="mesh", listeners=[GatewayListener.http(), GatewayListener.tls_passthrough()]
)
ORDERS = HttpRoute(
    name="orders",
    namespace="mesh",
    parents=[GATEWAY.listener("http")],
    rules=[HttpRule.to(Backend.service("orders", port=80))],
)
VAULT = TlsRoute(
    name="vault",
    namespace="mesh",
    parents=[GATEWAY],
    hostname="vault.example.com",
    to=[Backend.service("vault", port=8200)],
)
EXPORT = ServiceExport(name="orders", namespace="mesh", ports=[ExportedPort(port=80)])
SERVICE = ObjectRef.service("orders", namespace="mesh")
TARGET_GROUP = "arn:aws:vpc-lattice:eu-west-1:111111111111:targetgroup/tg-0123456789abcdef0"
ANYBODY = iam.PolicyStatement(actions=["vpc-lattice-svcs:Invoke"], resources=["*"], principals=[iam.AnyPrincipal()])


def target_ref(kind: str, group: str = "gateway.networking.k8s.io", name: str = "orders") -> dict[str, str]:
    return {"group": group, "kind": kind, "name": name, "namespace": "mesh"}


def auth(policy: Auth | iam.PolicyDocument, target: Any = ORDERS) -> IamAuthPolicy:
    return IamAuthPolicy(name="orders", target=target, policy=policy)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def test_a_target_group_policy_has_a_health_check_of_ours() -> None:
    """Its durations are whole seconds, and what is left out stays out."""
    check = HealthCheck(
        path="/healthz",
        interval=cdk.Duration.seconds(10),
        timeout=cdk.Duration.seconds(5),
        healthy_threshold=2,
        unhealthy_threshold=3,
        codes="200-299",
        port=8081,
        protocol=TargetProtocol.HTTP,
        protocol_version=ProtocolVersion.HTTP1,
    )
    made = TargetGroupPolicy(
        name="orders",
        target=SERVICE,
        protocol=TargetProtocol.HTTPS,
        protocol_version=ProtocolVersion.HTTP2,
        health_check=check,
    ).manifest()
    assert made == {
        "apiVersion": "application-networking.k8s.aws/v1alpha1",
        "kind": "TargetGroupPolicy",
        "metadata": {"name": "orders", "namespace": "mesh"},
        "spec": {
            "targetRef": target_ref("Service", group=""),
            "protocol": "HTTPS",
            "protocolVersion": "HTTP2",
            "healthCheck": {
                "enabled": True,
                "path": "/healthz",
                "intervalSeconds": 10,
                "timeoutSeconds": 5,
                "healthyThresholdCount": 2,
                "unhealthyThresholdCount": 3,
                "statusMatch": "200-299",
                "port": 8081,
                "protocol": "HTTP",
                "protocolVersion": "HTTP1",
            },
        },
    }


def test_a_target_group_policy_may_be_of_an_export() -> None:
    """Then it holds for the target groups of every cluster that imports it."""
    made = TargetGroupPolicy(name="orders", target=EXPORT, health_check=HealthCheck.disabled())
    assert made.manifest()["spec"] == {
        "targetRef": target_ref("ServiceExport", group="application-networking.k8s.aws"),
        "healthCheck": {"enabled": False},
    }
    assert list(made.references) == [EXPORT.ref]


def test_a_vpc_association_policy() -> None:
    """Its security groups, or no association at all."""
    with_groups = VpcAssociationPolicy(name="vpc", gateway=GATEWAY, security_group_ids=["sg-0123456789abcdef0"])
    without = VpcAssociationPolicy(name="vpc", gateway=GATEWAY.ref, associate_with_vpc=False)
    assert with_groups.manifest()["spec"] == {
        "targetRef": target_ref("Gateway", name="shop"),
        "associateWithVpc": True,
        "securityGroupIds": ["sg-0123456789abcdef0"],
    }
    assert without.manifest()["spec"] == {"targetRef": target_ref("Gateway", name="shop"), "associateWithVpc": False}
    assert list(with_groups.references) == [GATEWAY.ref]


@pytest.mark.parametrize(
    "policy",
    [Auth.iam(ANYBODY), iam.PolicyDocument(statements=[ANYBODY])],
    ids=["auth", "document"],
)
def test_an_auth_policy_is_one_line_of_json(policy: Auth | iam.PolicyDocument) -> None:
    """VPC Lattice takes no line breaks."""
    made = auth(policy)
    rendered = made.manifest()["spec"]["policy"]
    assert "\n" not in rendered
    assert json.loads(rendered) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Action": "vpc-lattice-svcs:Invoke", "Effect": "Allow", "Principal": {"AWS": "*"}, "Resource": "*"}
        ],
    }
    assert made.manifest()["spec"]["targetRef"] == target_ref("HTTPRoute")
    assert made.manifest()["metadata"] == {"name": "orders", "namespace": "mesh"}


def test_the_auth_of_the_own_account_is_a_policy_too() -> None:
    """With a token of the account, which a template resolves."""
    assert json.loads(auth(Auth.same_account()).rendered)["Statement"][0]["Condition"]["StringEquals"].keys() == {
        "aws:PrincipalAccount"
    }


def test_access_logs_go_where_ours_go(stack: cdk.Stack) -> None:
    """To a log group, a bucket or a delivery stream, by a construct or by an ARN."""
    stream = "arn:aws:firehose:eu-west-1:111111111111:deliverystream/logs"
    group = logs.LogGroup(stack, "Logs")
    bucket = s3.Bucket(stack, "Bucket")
    destinations: list[AccessLogs | str] = [
        AccessLogs.to_cloud_watch(group),
        AccessLogs.to_s3(bucket),
        AccessLogs.to_firehose(stream),
        "arn:aws:logs:eu-west-1:111111111111:log-group:shop:*",
        "arn:aws:s3:::shop/lattice",
        stream,
    ]
    made = [AccessLogPolicy(name="logs", target=GATEWAY, destination=each) for each in destinations]
    assert [str(each.destination_kind) for each in made] == ["CloudWatch", "S3", "Firehose"] * 2
    assert [each.permitted_arns for each in made] == [
        [],
        [bucket.bucket_arn],
        [stream],
        [],
        ["arn:aws:s3:::shop"],
        [stream],
    ]
    assert made[-1].manifest() == {
        "apiVersion": "application-networking.k8s.aws/v1alpha1",
        "kind": "AccessLogPolicy",
        "metadata": {"name": "logs", "namespace": "mesh"},
        "spec": {"targetRef": target_ref("Gateway", name="shop"), "destinationArn": stream},
    }


def test_an_export_says_that_it_is_one() -> None:
    """Without the annotation, the controller would pass over it."""
    made = ServiceExport(
        name="orders-blue",
        ports=[ExportedPort(port=80), ExportedPort(port=50_051, route_type=RouteType.GRPC)],
        service_name="orders",
    ).manifest()
    assert made["metadata"]["annotations"] == {
        "application-networking.k8s.aws/federation": "amazon-vpc-lattice",
        "application-networking.k8s.aws/service-name": "orders",
    }
    assert made["spec"] == {"exportedPorts": [{"port": 80, "routeType": "HTTP"}, {"port": 50_051, "routeType": "GRPC"}]}


def test_an_import_finds_its_target_group() -> None:
    """By the export, or by the ARN."""
    by_export = ServiceImport.of_export(
        "orders", export_name="orders-blue", cluster_name="blue", vpc_id="vpc-0123456789abcdef0"
    ).manifest()
    by_arn = ServiceImport.of_target_group("legacy", TARGET_GROUP).manifest()
    assert by_export["metadata"]["annotations"] == {
        "application-networking.k8s.aws/export-name": "orders-blue",
        "application-networking.k8s.aws/aws-eks-cluster-name": "blue",
        "application-networking.k8s.aws/aws-vpc": "vpc-0123456789abcdef0",
    }
    assert by_arn["metadata"]["annotations"] == {"application-networking.k8s.aws/target-group-arn": TARGET_GROUP}
    assert by_export["spec"] == by_arn["spec"] == {"type": "ClusterSetIP", "ports": [{"port": 80, "protocol": "TCP"}]}
    assert "annotations" not in ServiceImport.of_export("orders").manifest()["metadata"]


@pytest.mark.parametrize(
    "made",
    [
        TargetGroupPolicy(name="a", target=SERVICE, protocol=TargetProtocol.TCP),
        VpcAssociationPolicy(name="b", gateway=GATEWAY),
        auth(Auth.iam(ANYBODY)),
        AccessLogPolicy(name="d", target=ORDERS, destination="arn:aws:s3:::shop"),
        EXPORT,
        ServiceImport.of_export("f"),
    ],
    ids=lambda each: str(each.kind),
)
def test_manifests_are_plain(made: KubernetesObject) -> None:
    """YAML and JSON read back what was written, without a type of Python's."""
    manifest = made.manifest()
    assert yaml.safe_load(yaml.safe_dump(manifest)) == manifest == json.loads(json.dumps(manifest))
    assert made.ref.name == manifest["metadata"]["name"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: TargetGroupPolicy(name="p", target=GATEWAY.ref),
            "TargetGroupPolicy 'p': target must be of the kind Service or ServiceExport, got Gateway 'mesh/shop'",
        ),
        (
            lambda: TargetGroupPolicy(name="p", target=SERVICE, protocol_version=ProtocolVersion.GRPC),
            "TargetGroupPolicy 'p': protocol_version must be HTTP1 or HTTP2, got GRPC; a GrpcRoute sets it itself",
        ),
        (
            lambda: TargetGroupPolicy(
                name="p", target=SERVICE, protocol=TargetProtocol.TCP, protocol_version=ProtocolVersion.HTTP1
            ),
            "TargetGroupPolicy 'p': protocol_version must be left out for TCP, got HTTP1",
        ),
        (
            lambda: VpcAssociationPolicy(name="p", gateway=SERVICE),
            "VpcAssociationPolicy 'p': target must be of the kind Gateway, got Service 'mesh/orders'",
        ),
        (
            lambda: VpcAssociationPolicy(
                name="p", gateway=GATEWAY, security_group_ids=[f"sg-{index}" for index in range(6)]
            ),
            "VpcAssociationPolicy 'p': there must be 0 to 5 security_group_ids, got 6",
        ),
        (
            lambda: VpcAssociationPolicy(name="p", gateway=GATEWAY, security_group_ids=["default"]),
            "VpcAssociationPolicy 'p': security_group_ids must be ids such as sg-0123456789abcdef0, got 'default'",
        ),
        (
            lambda: VpcAssociationPolicy(
                name="p", gateway=GATEWAY, security_group_ids=["sg-1"], associate_with_vpc=False
            ),
            "VpcAssociationPolicy 'p': security_group_ids have no effect without an association; leave them out",
        ),
        (
            lambda: auth(Auth.iam(ANYBODY), target=VAULT.ref),
            "IAMAuthPolicy 'orders': target must be of the kind Gateway or HTTPRoute or GRPCRoute, got TLSRoute "
            "'mesh/vault'",
        ),
        (
            lambda: auth(Auth.deny_all()),
            "IAMAuthPolicy 'orders': the policy has no statements, so nobody could call; add one, or leave the policy "
            "out to let everybody call",
        ),
        (
            lambda: auth(Auth.none()),
            "IAMAuthPolicy 'orders': the policy has no statements, so nobody could call; add one, or leave the policy "
            "out to let everybody call",
        ),
        (
            lambda: auth(Auth.iam(iam.PolicyStatement(actions=["vpc-lattice-svcs:Invoke"], resources=["*"]))),
            "IAMAuthPolicy 'orders': a PolicyStatement used in a resource-based policy must specify at least one IAM "
            "principal",
        ),
        (
            lambda: AccessLogPolicy(name="p", target=VAULT.ref, destination="arn:aws:s3:::shop"),
            "AccessLogPolicy 'p': target must be of the kind Gateway or HTTPRoute or GRPCRoute, got TLSRoute "
            "'mesh/vault'",
        ),
        (
            lambda: AccessLogPolicy(
                name="p", target=GATEWAY, destination="arn:aws:kinesis:eu-west-1:111111111111:stream/logs"
            ),
            "AccessLogPolicy 'p': destination must be the ARN of a log group, a bucket or a delivery stream, got "
            "arn:aws:kinesis:eu-west-1:111111111111:stream/logs",
        ),
        (
            lambda: AccessLogPolicy(name="p", target=GATEWAY, destination=cdk.Token.as_string({"Ref": "Logs"})),
            "AccessLogPolicy 'p': destination must be the ARN of a log group, a bucket or a delivery stream, got one "
            "that only the deployment knows; use AccessLogs",
        ),
        (
            lambda: ServiceExport(name="orders", ports=[]),
            "ServiceExport 'orders': ports must name at least one port of the Service; give ExportedPort(port=…)",
        ),
        (
            lambda: ServiceExport(name="orders", ports=[ExportedPort(port=80), ExportedPort(port=80)]),
            "ServiceExport 'orders': a port is there twice for one kind of routes; name it once",
        ),
        (lambda: ExportedPort(port=0), "exported port: port must be 1 to 65,535, got 0"),
        (
            lambda: ServiceImport.of_export("orders", vpc_id="blue"),
            "ServiceImport 'orders': vpc_id must be an id such as vpc-0123456789abcdef0, got 'blue'",
        ),
        (
            lambda: ServiceImport.of_target_group("orders", "tg-0123456789abcdef0"),
            "ServiceImport 'orders': target_group_arn must be the ARN of a target group, got 'tg-0123456789abcdef0'",
        ),
        (
            lambda: ServiceImport(name="orders", cluster_name="blue", target_group_arn=TARGET_GROUP),
            "ServiceImport 'orders': target_group_arn says it all; leave export_name, cluster_name and vpc_id out",
        ),
    ],
)
def test_what_does_not_fit_is_an_error(make: Callable[[], object], message: str) -> None:
    """Each message names the object, the value and the way out."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def test_an_auth_policy_has_ten_kilobytes() -> None:
    """Counted as rendered; one byte more is an error."""

    def policy(length: int) -> iam.PolicyDocument:
        statement = iam.PolicyStatement(
            actions=["vpc-lattice-svcs:Invoke"], resources=["a" * length], principals=[iam.AnyPrincipal()]
        )
        return iam.PolicyDocument(statements=[statement])

    rest = len(auth(policy(1)).rendered) - 1
    assert len(auth(policy(10_240 - rest)).rendered) == 10_240
    with pytest.raises(ArgumentError) as caught:
        auth(policy(10_241 - rest))
    assert str(caught.value) == (
        "IAMAuthPolicy 'orders': the policy has 10,241 bytes, 10,240 is the most; merge statements or use wildcards"
    )


def test_the_auth_policy_of_a_network_of_the_application_is_cloud_formations(stack: cdk.Stack) -> None:
    """Two owners would write it in turns."""
    network = ServiceNetwork(stack, "Network", service_network_name="shop")
    gateway = LatticeGateway.of(network, listeners=[GatewayListener.http()])
    with pytest.raises(ArgumentError) as caught:
        auth(Auth.iam(ANYBODY), target=gateway)
    assert str(caught.value) == (
        "IAMAuthPolicy 'orders': the auth policy of the service network 'shop' is CloudFormation's; give auth to the "
        "ServiceNetwork, or use its add_to_auth_policy"
    )
