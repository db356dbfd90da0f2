"""The controller in a cluster: its role, its chart, and what is applied to it."""

import json
from collections.abc import Callable
from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks as eks
from aws_cdk import aws_eks_v2 as eks_v2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Annotations, Template
from aws_cdk.assertions import Match as Like

from constructs_lattice import (
    AccessLogPolicy,
    ArgumentError,
    Auth,
    Backend,
    ControllerChart,
    ControllerCredentials,
    ControllerFeature,
    FlowLogs,
    GatewayApiAccess,
    GatewayApiController,
    GatewayApiCrds,
    GatewayListener,
    HttpMatch,
    HttpRoute,
    HttpRule,
    IamAuthPolicy,
    LatticeGateway,
    LatticePrefixLists,
    ObjectRef,
    ServiceImport,
    ServiceNetwork,
    TargetGroupPolicy,
    TargetProtocol,
    Tier,
    Vpc,
    VpcAssociationPolicy,
)
from constructs_lattice.gateway_api import LogLevel
from tests.gateway_api.test_crds import KINDS, definition

LISTS = LatticePrefixLists.of(ipv4="pl-0123456789abcdef0", ipv6="pl-0123456789abcdef1")
MANIFEST = "Custom::AWSCDK-EKS-KubernetesResource"
CHART = "Custom::AWSCDK-EKS-HelmChart"
GATEWAY = LatticeGateway(name="shop", listeners=[GatewayListener.https()])
ORDERS = HttpRoute(name="orders", parents=[GATEWAY], rules=[HttpRule.to(Backend.service_import("orders"))])
IMPORT = ServiceImport.of_export("orders")
PROVIDER = "arn:aws:lambda:eu-west-1:111111111111:function:kubectl"
OIDC = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region="eu-west-1"))


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())


@pytest.fixture
def cluster(stack: cdk.Stack, vpc: Vpc) -> eks_v2.ICluster:
    return imported(stack, vpc)


def imported(scope: cdk.Stack, vpc: ec2.IVpc, **arguments: Any) -> eks_v2.ICluster:
    provider = eks_v2.KubectlProvider.from_kubectl_provider_attributes(scope, "Kubectl", service_token=PROVIDER)
    known = {"cluster_security_group_id": "sg-0123456789abcdef0", "kubectl_provider": provider}
    return eks_v2.Cluster.from_cluster_attributes(
        scope, "Cluster", cluster_name="shop", vpc=vpc, **{**known, **arguments}
    )


def own(stack: cdk.Stack, vpc: ec2.IVpc, **arguments: Any) -> eks_v2.Cluster:
    """A cluster of the application, with the layer that its functions need."""
    layer = lambda_.LayerVersion.from_layer_version_arn(stack, "Layer", f"{PROVIDER.replace('function', 'layer')}:1")
    options = eks_v2.KubectlProviderOptions(kubectl_layer=layer)
    known = {"version": eks_v2.KubernetesVersion.V1_33, "kubectl_provider_options": options, "vpc": vpc}
    subnets = [ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)]
    return eks_v2.Cluster(stack, "Own", vpc_subnets=subnets, **{**known, **arguments})


def controller(stack: cdk.Stack, cluster: Any, **arguments: Any) -> GatewayApiController:
    return GatewayApiController(
        stack, "Controller", cluster=cluster, **{"crds": GatewayApiCrds.installed(), **arguments}
    )


def resources(stack: cdk.Stack, type_: str) -> dict[str, Any]:
    return dict(Template.from_stack(stack).find_resources(type_))


def manifests(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    """The only object of each manifest, by its kind and name."""
    found = {}
    for resource in resources(stack, MANIFEST).values():
        (made,) = json.loads(resource["Properties"]["Manifest"])
        found[f"{made['kind']} {made['metadata']['name']}"] = resource
    return found


def sids(stack: cdk.Stack) -> list[str]:
    (policy,) = resources(stack, "AWS::IAM::Policy").values()
    return [each["Sid"] for each in policy["Properties"]["PolicyDocument"]["Statement"]]


def test_the_chart_is_told_all_of_the_cluster(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """So that the controller need not ask its node, and the log level is where the chart looks for it."""
    controller(stack, cluster)
    (chart,) = resources(stack, CHART).values()
    properties = chart["Properties"]
    assert {key: properties[key] for key in ("Repository", "Version", "Namespace", "Release", "Wait")} == {
        "Repository": "oci://public.ecr.aws/aws-application-networking-k8s/aws-gateway-controller-chart",
        "Version": "v2.1.3",
        "Namespace": "aws-application-networking-system",
        "Release": "gateway-api-controller",
        "Wait": True,
    }
    values = "".join(
        part if isinstance(part, str) else f"<{part['Ref']}>" for part in properties["Values"]["Fn::Join"][1]
    )
    (vpc,) = resources(stack, "AWS::EC2::VPC")
    assert json.loads(values) == {
        "awsRegion": "<AWS::Region>",
        "awsAccountId": "<AWS::AccountId>",
        "clusterVpcId": f"<{vpc}>",
        "clusterName": "shop",
        "serviceAccount": {"create": True, "name": "gateway-api-controller"},
        "log": {"level": "info"},
        "routeMaxConcurrentReconciles": 10,
        "disableTaggingServiceApi": False,
        "installExternalDNSCRD": False,
        "reconcileDefaultResyncSeconds": 0,
    }


def test_the_values_follow_the_chart() -> None:
    """Everything that can be said comes out as the chart's own key."""
    chart = ControllerChart(
        log_level=LogLevel.DEBUG,
        concurrent_reconciles=1,
        resync=cdk.Duration.minutes(5),
        tagging_api=False,
        dns_endpoints=True,
        values={"deployment": {"replicas": 3}},
    )
    values = chart.values_for(
        cluster_name="shop", vpc_id="vpc-1", account="111111111111", region="eu-west-1", role_arn="arn:role"
    )
    assert values == {
        "awsRegion": "eu-west-1",
        "awsAccountId": "111111111111",
        "clusterVpcId": "vpc-1",
        "clusterName": "shop",
        "serviceAccount": {
            "create": True,
            "name": "gateway-api-controller",
            "annotations": {"eks.amazonaws.com/role-arn": "arn:role"},
        },
        "log": {"level": "debug"},
        "routeMaxConcurrentReconciles": 1,
        "disableTaggingServiceApi": True,
        "installExternalDNSCRD": True,
        "reconcileDefaultResyncSeconds": 300,
        "deployment": {"replicas": 3},
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"version": "2.1.3"}, "controller chart: version must be a version such as v2.1.3, got '2.1.3'"),
        ({"version": "v2.0.2"}, "controller chart: version must be v2.1.0 or later, got 'v2.0.2'"),
        (
            {"repository": "https://charts.example.com"},
            "controller chart: repository must begin with oci://, got 'https://charts.example.com'",
        ),
        ({"concurrent_reconciles": 0}, "controller chart: concurrent_reconciles must be 1 to 100, got 0"),
        (
            {"resync": cdk.Duration.seconds(59)},
            "controller chart: resync must be 60 to 86,400 seconds, got 59",
        ),
        (
            {"values": {"clusterName": "other", "log": {}}},
            "controller chart: values must not hold clusterName, log, which the other arguments make",
        ),
    ],
)
def test_a_chart_has_limits(arguments: dict[str, Any], message: str) -> None:
    """Those of the controller, and no value is said twice."""
    with pytest.raises(ArgumentError) as caught:
        ControllerChart(**arguments)
    assert str(caught.value) == message


def test_the_role_is_for_the_service_account_of_the_cluster_only(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """Pod Identity says who asks in session tags, and the trust policy compares them."""
    controller(stack, cluster)
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EKS::PodIdentityAssociation",
        {
            "ClusterName": "shop",
            "Namespace": "aws-application-networking-system",
            "ServiceAccount": "gateway-api-controller",
        },
    )
    (role,) = resources(stack, "AWS::IAM::Role").values()
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {
        "aws:RequestTag/eks-cluster-arn": stack.resolve(cluster.cluster_arn),
        "aws:RequestTag/kubernetes-namespace": "aws-application-networking-system",
        "aws:RequestTag/kubernetes-service-account": "gateway-api-controller",
    }


@pytest.mark.parametrize(("install", "add_ons"), [(True, 1), (False, 0)])
def test_the_agent_is_an_add_on_unless_it_is_there(stack: cdk.Stack, vpc: Vpc, *, install: bool, add_ons: int) -> None:
    """Made once for a cluster of the application, and before the association."""
    credentials = ControllerCredentials.pod_identity(install_agent=install)
    controller(stack, own(stack, vpc), credentials=credentials)
    found = resources(stack, "AWS::EKS::Addon")
    assert len(found) == add_ons
    (association,) = resources(stack, "AWS::EKS::PodIdentityAssociation").values()
    assert set(association.get("DependsOn", [])) >= set(found)


def test_irsa_annotates_the_service_account(stack: cdk.Stack, vpc: Vpc) -> None:
    """Of an imported provider the issuer is known, so no function of the CDK's is needed."""
    provider = iam.OpenIdConnectProvider.from_open_id_connect_provider_arn(stack, "Oidc", OIDC)
    cluster = imported(stack, vpc, open_id_connect_provider=provider)
    controller(stack, cluster, credentials=ControllerCredentials.irsa(), namespace="lattice")
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EKS::PodIdentityAssociation", 0)
    template.resource_count_is("Custom::AWSCDKCfnJson", 0)
    issuer = "oidc.eks.eu-west-1.amazonaws.com/id/0123"
    template.has_resource_properties(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    {
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": {
                            "StringEquals": {
                                f"{issuer}:aud": "sts.amazonaws.com",
                                f"{issuer}:sub": "system:serviceaccount:lattice:gateway-api-controller",
                            }
                        },
                        "Principal": {"Federated": OIDC},
                    }
                ]
            }
        },
    )
    (chart,) = resources(stack, CHART).values()
    assert '"annotations":{"eks.amazonaws.com/role-arn":"' in str(chart["Properties"]["Values"])


def test_irsa_of_a_cluster_of_the_application_takes_the_cdks_own_resource(stack: cdk.Stack, vpc: Vpc) -> None:
    """The issuer is a key of the trust policy, and known to the deployment only."""
    controller(stack, own(stack, vpc), credentials=ControllerCredentials.irsa())
    Template.from_stack(stack).resource_count_is("Custom::AWSCDKCfnJson", 1)


def test_lattice_comes_in_at_the_cluster_security_group(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """From both prefix lists, on every TCP port by default: a client's security group would not match."""
    controller(stack, cluster, prefix_lists=LISTS)
    rules = [each["Properties"] for each in resources(stack, "AWS::EC2::SecurityGroupIngress").values()]
    assert [
        (each["GroupId"], each["SourcePrefixListId"], each["IpProtocol"], each["FromPort"], each["ToPort"])
        for each in rules
    ] == [
        ("sg-0123456789abcdef0", "pl-0123456789abcdef0", "tcp", 0, 65_535),
        ("sg-0123456789abcdef0", "pl-0123456789abcdef1", "tcp", 0, 65_535),
    ]


def test_nodes_and_ports_can_be_named(stack: cdk.Stack, cluster: eks_v2.ICluster, vpc: Vpc) -> None:
    """Security groups of nodes or pods, and the ports of the pods only."""
    group = ec2.SecurityGroup(stack, "Pods", vpc=vpc)
    controller(stack, cluster, prefix_lists=LISTS, nodes=[group], pod_ports=[8080, 8080, 9090])
    rules = [each["Properties"] for each in resources(stack, "AWS::EC2::SecurityGroupIngress").values()]
    assert [(each["SourcePrefixListId"], each["FromPort"]) for each in rules] == [
        ("pl-0123456789abcdef0", 8080),
        ("pl-0123456789abcdef0", 9090),
        ("pl-0123456789abcdef1", 8080),
        ("pl-0123456789abcdef1", 9090),
    ]


def test_one_step_waits_for_the_other(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """Definitions, controller, class, gateway, import, route, policy; and in the opposite order when they go."""
    made = controller(stack, cluster, crds=GatewayApiCrds.manifests(definition(kind) for kind in KINDS))
    policy = VpcAssociationPolicy(name="vpc", gateway=GATEWAY)
    made.apply(policy, ORDERS, IMPORT, GATEWAY)
    logical_ids = {name: id_ for id_, each in resources(stack, MANIFEST).items() for name in [_said(each)]}
    found = manifests(stack)
    (chart_id,) = resources(stack, CHART)
    (chart,) = resources(stack, CHART).values()
    (association,) = resources(stack, "AWS::EKS::PodIdentityAssociation")
    definitions = [id_ for name, id_ in logical_ids.items() if name.startswith("CustomResourceDefinition")]
    assert len(definitions) == 5
    assert set(chart["DependsOn"]) >= {association, *definitions}
    class_ = logical_ids["GatewayClass amazon-vpc-lattice"]
    assert found["GatewayClass amazon-vpc-lattice"]["DependsOn"] == [chart_id]
    assert found["Gateway shop"]["DependsOn"] == [class_]
    assert set(found["HTTPRoute orders"]["DependsOn"]) == {
        class_,
        logical_ids["Gateway shop"],
        logical_ids["ServiceImport orders"],
    }
    assert set(found["VpcAssociationPolicy vpc"]["DependsOn"]) == {class_, logical_ids["Gateway shop"]}


def test_a_route_waits_for_the_policies_of_its_services(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """A protocol that came later would replace the target groups."""
    route = HttpRoute(name="site", parents=[GATEWAY], rules=[HttpRule.to(Backend.service("site", port=80))])
    policy = TargetGroupPolicy(name="site", target=ObjectRef.service("site"), protocol=TargetProtocol.HTTPS)
    controller(stack, cluster).apply(route, policy)
    (logical_id,) = [id_ for id_, each in resources(stack, MANIFEST).items() if _said(each).startswith("TargetGroup")]
    assert logical_id in manifests(stack)["HTTPRoute site"]["DependsOn"]


def _said(resource: dict[str, Any]) -> str:
    (made,) = json.loads(resource["Properties"]["Manifest"])
    return f"{made['kind']} {made['metadata']['name']}"


def test_definitions_outlive_the_template(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """Deleting one would delete every route; and they may be there already."""
    controller(stack, cluster, crds=GatewayApiCrds.manifests(definition(kind) for kind in KINDS))
    found = manifests(stack)["CustomResourceDefinition gateways.gateway.networking.k8s.io"]
    assert found["DeletionPolicy"] == "Retain"
    assert found["Properties"]["Overwrite"] is True
    assert "PruneLabel" not in found["Properties"]


def test_definitions_may_come_by_a_chart(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """Which the controller's own waits for."""
    crds = GatewayApiCrds.chart("oci://111111111111.dkr.ecr.eu-west-1.amazonaws.com/crds", version="1.5.1")
    controller(stack, cluster, crds=crds)
    charts = {each["Properties"]["Release"]: (id_, each) for id_, each in resources(stack, CHART).items()}
    assert charts["gateway-api-crds"][1]["Properties"]["Version"] == "1.5.1"
    assert charts["gateway-api-crds"][0] in charts["gateway-api-controller"][1]["DependsOn"]


def test_a_gateway_waits_for_its_service_network(stack: cdk.Stack, cluster: eks_v2.ICluster, vpc: Vpc) -> None:
    """And for the association of the VPC, so that services leave the network before it goes."""
    network = ServiceNetwork(stack, "Network", service_network_name="shop")
    network.add_vpc_association("Vpc", vpc=vpc)
    controller(stack, cluster).apply(LatticeGateway.of(network, listeners=[GatewayListener.https()]))
    waits = set(manifests(stack)["Gateway shop"]["DependsOn"])
    assert waits >= {*resources(stack, "AWS::VpcLattice::ServiceNetwork")}
    assert waits >= {*resources(stack, "AWS::VpcLattice::ServiceNetworkVpcAssociation")}


def test_a_route_keeps_its_logical_id(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """It depends on the kind and the name, whatever else is applied, and in whatever order."""
    made = controller(stack, cluster)
    other = HttpRoute(name="site", parents=[GATEWAY], rules=ORDERS.rules)
    assert [each.node.id for each in made.apply(GATEWAY, other, ORDERS)] == [
        "Gateway.default.shop",
        "HTTPRoute.default.site",
        "HTTPRoute.default.orders",
    ]


def test_policies_permit_what_they_need(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """Each permission once, and none before a policy is applied."""
    made = controller(stack, cluster)
    base = ["Find", "Services", "TargetGroups", "ServiceAssociations", "Tags", "LatticeRole", "TaggingApi"]
    statement = iam.PolicyStatement(
        actions=["vpc-lattice-svcs:Invoke"], resources=["*"], principals=[iam.AnyPrincipal()]
    )
    made.apply(
        GATEWAY,
        ORDERS,
        VpcAssociationPolicy(name="vpc", gateway=GATEWAY),
        IamAuthPolicy(name="orders", target=ORDERS, policy=Auth.iam(statement)),
        AccessLogPolicy(name="to-logs", target=GATEWAY, destination="arn:aws:logs:eu-west-1:1:log-group:shop:*"),
        AccessLogPolicy(name="to-s3", target=GATEWAY, destination="arn:aws:s3:::shop/mesh"),
        AccessLogPolicy(name="to-s3-too", target=ORDERS, destination="arn:aws:s3:::shop/orders"),
    )
    assert sids(stack) == [
        *base,
        *("VpcAssociations", "VpcAssociationTags", "VpcAssociationSecurityGroups"),
        "AuthPolicies",
        *("AccessLogs", "AccessLogTags", "LogDeliveries", "AccessLogsToCloudWatch", "AccessLogsToS3"),
    ]
    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Policy",
        {
            "PolicyDocument": {
                "Statement": Like.array_with(
                    [Like.object_like({"Sid": "AccessLogsToS3", "Resource": "arn:aws:s3:::shop"})]
                )
            }
        },
    )


def test_beyond_the_quotas_is_a_warning(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """Which AWS raises on request: two listeners, ten rules, ten target groups."""

    def rules(count: int) -> list[HttpRule]:
        return [
            HttpRule.to(Backend.service(f"orders-{index}", port=80), match=HttpMatch.path_exact(f"/{index}"))
            for index in range(count)
        ]

    three = [GatewayListener.http(), GatewayListener.https(), GatewayListener.https("other", port=8443)]
    gateway = LatticeGateway(name="shop", listeners=[*three, GatewayListener.tls_passthrough()])
    within = HttpRoute(name="within", parents=[gateway.listener("http"), gateway.listener("https")], rules=rules(10))
    made = controller(stack, cluster)
    made.apply(gateway, within, HttpRoute(name="beyond", parents=[gateway], rules=rules(11)))
    found = Annotations.from_stack(stack)
    for message in (
        "more than 2 listeners; 2 a service is the quota, which AWS raises on request*",
        "more than 10 rules; 10 a listener is the quota, which AWS raises on request*",
        "more than 10 target groups; 10 a service is the quota, which AWS raises on request*",
    ):
        warnings = found.find_warning("*", Like.string_like_regexp(message.replace("*", ".*")))
        assert [each.id for each in warnings] == ["/Shop/Controller/HTTPRoute.default.beyond"]


def test_private_clusters_do_without_the_tagging_api(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """Neither told to use it nor permitted."""
    controller(stack, cluster, chart=ControllerChart(tagging_api=False), features=[ControllerFeature.AUTH_POLICIES])
    assert sids(stack) == [
        "Find",
        "Services",
        "TargetGroups",
        "ServiceAssociations",
        "Tags",
        "LatticeRole",
        "AuthPolicies",
    ]


def test_access_alone_is_plain_cloudformation(stack: cdk.Stack, vpc: Vpc) -> None:
    """For a cluster without a kubectl provider; the chart's values are there for who installs it."""
    cluster = imported(stack, vpc, kubectl_provider=None)
    access = GatewayApiAccess(stack, "Access", cluster=cluster, prefix_lists=LISTS)
    assert access.chart_values["clusterName"] == "shop"
    assert access.chart_values["serviceAccount"] == {"create": True, "name": "gateway-api-controller"}
    types = {each["Type"] for each in Template.from_stack(stack).to_json()["Resources"].values()}
    assert not any(each.startswith(("Custom::", "AWS::Lambda::")) for each in types)


def test_a_cluster_of_the_older_module(stack: cdk.Stack, vpc: Vpc) -> None:
    """Its charts and manifests are made by its own module."""
    layer = lambda_.LayerVersion.from_layer_version_arn(stack, "Layer", f"{PROVIDER.replace('function', 'layer')}:1")
    cluster = eks.Cluster.from_cluster_attributes(
        stack,
        "Cluster",
        cluster_name="shop",
        vpc=vpc,
        kubectl_role_arn="arn:aws:iam::111111111111:role/kubectl",
        kubectl_layer=layer,
        cluster_security_group_id="sg-0123456789abcdef0",
    )
    controller(stack, cluster, prefix_lists=LISTS).apply(GATEWAY)
    assert set(manifests(stack)) == {"GatewayClass amazon-vpc-lattice", "Gateway shop"}
    (chart,) = resources(stack, CHART).values()
    assert chart["Properties"]["RoleArn"] == "arn:aws:iam::111111111111:role/kubectl"


def test_a_cluster_of_the_older_module_in_another_stack(stack: cdk.Stack, vpc: Vpc) -> None:
    """The charts and manifests are resources of the controller's own stack."""
    layer = lambda_.LayerVersion.from_layer_version_arn(stack, "Layer", f"{PROVIDER.replace('function', 'layer')}:1")
    subnets = [ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)]
    cluster = eks.Cluster(
        stack,
        "Older",
        vpc=vpc,
        vpc_subnets=subnets,
        version=eks.KubernetesVersion.V1_33,
        kubectl_layer=layer,
        default_capacity=0,
    )
    other = cdk.Stack(cast("cdk.App", stack.node.root), "Other", env=cdk.Environment(region="eu-west-1"))
    controller(other, cluster, prefix_lists=LISTS).apply(GATEWAY)
    assert set(manifests(other)) == {"GatewayClass amazon-vpc-lattice", "Gateway shop"}
    assert len(resources(other, CHART)) == 1


def test_a_cluster_without_kubectl_is_an_error(stack: cdk.Stack, vpc: Vpc) -> None:
    """Of either module; the message says what to do instead."""
    older = eks.Cluster.from_cluster_attributes(stack, "Older", cluster_name="shop", vpc=vpc)
    for cluster in (imported(stack, vpc, kubectl_provider=None), older):
        with pytest.raises(ArgumentError) as caught:
            controller(stack, cluster)
        assert str(caught.value) == (
            f"Shop/Controller: {cluster.node.path} has no kubectl provider to apply manifests with; give it one, or "
            "use GatewayApiAccess and apply them by other means"
        )


def test_a_cluster_that_is_too_old_is_an_error(stack: cdk.Stack, vpc: Vpc) -> None:
    """The definitions of the Gateway API v1.5 hold rules that it does not know."""
    with pytest.raises(ArgumentError) as caught:
        controller(stack, own(stack, vpc, version=eks_v2.KubernetesVersion.V1_30))
    assert str(caught.value) == (
        "Shop/Controller/Access: the Gateway API v1.5 needs Kubernetes 1.31 or later, but Shop/Own has 1.30"
    )
    assert stack.node.try_find_child("Controller") is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"pod_ports": [8080]},
            "Shop/Controller/Access: nodes and pod_ports are for prefix_lists, but there are none; give them, too",
        ),
        (
            {"prefix_lists": LISTS, "pod_ports": [0]},
            "Shop/Controller/Access: pod_ports must be 1 to 65,535, got 0",
        ),
        (
            {"namespace": "My"},
            "Shop/Controller/Access: namespace must be lower-case letters, digits and hyphens, got 'My'",
        ),
    ],
)
def test_access_has_limits(stack: cdk.Stack, cluster: eks_v2.ICluster, arguments: dict[str, Any], message: str) -> None:
    """Checked before anything is made."""
    with pytest.raises(ArgumentError) as caught:
        controller(stack, cluster, **arguments)
    assert str(caught.value) == message


def test_an_unknown_security_group_is_an_error(stack: cdk.Stack, vpc: Vpc) -> None:
    """Of a cluster that was imported without it."""
    cluster = imported(stack, vpc, cluster_security_group_id=None)
    with pytest.raises(ArgumentError) as caught:
        controller(stack, cluster, prefix_lists=LISTS)
    assert str(caught.value) == (
        "Shop/Controller/Access: the security group of Shop/Cluster is not known; import the cluster with "
        "cluster_security_group_id, or say nodes"
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: [GATEWAY, GATEWAY],
            "Shop/Controller: Gateway 'default/shop' is applied already; apply it once",
        ),
        (
            lambda: [ORDERS, HttpRoute(name="o", service_name="orders-default", parents=[GATEWAY], rules=ORDERS.rules)],
            "Shop/Controller: HTTPRoute 'default/o' and HTTPRoute 'default/orders' would both make the VPC Lattice "
            "service 'orders-default'; give one another name, or a service_name",
        ),
        (
            lambda: [LatticeGateway(name=cdk.Aws.STACK_NAME, listeners=[GatewayListener.http()])],
            "Shop/Controller: the name and the namespace of a Gateway have to be known at synthesis",
        ),
    ],
)
def test_what_cannot_be_applied_is_an_error(
    stack: cdk.Stack, cluster: eks_v2.ICluster, make: Callable[[], list[Any]], message: str
) -> None:
    """Nothing is made of the call then."""
    made = controller(stack, cluster)
    with pytest.raises(ArgumentError) as caught:
        made.apply(*make())
    assert str(caught.value) == message
    assert set(manifests(stack)) == {"GatewayClass amazon-vpc-lattice"}


def test_one_owner_associates_the_vpc(stack: cdk.Stack, cluster: eks_v2.ICluster, vpc: Vpc) -> None:
    """CloudFormation or the controller; a policy that takes an association away is the controller's anyway."""
    ServiceNetwork(stack, "Network").add_vpc_association("Vpc", vpc=vpc)
    made = controller(stack, cluster)
    made.apply(VpcAssociationPolicy(name="none", gateway=GATEWAY, associate_with_vpc=False))
    with pytest.raises(ArgumentError) as caught:
        made.apply(VpcAssociationPolicy(name="vpc", gateway=GATEWAY))
    assert str(caught.value) == (
        "Shop/Controller: VpcAssociationPolicy 'default/vpc' would associate the vpc of the cluster, which "
        "Shop/Network/Vpc does; leave one out"
    )


def test_regions_without_vpc_lattice_are_an_error() -> None:
    """The controller would have nothing to make there."""
    stack = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region="us-gov-west-1"))
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())
    with pytest.raises(ArgumentError) as caught:
        GatewayApiAccess(stack, "Access", cluster=imported(stack, vpc))
    assert str(caught.value) == (
        "Shop/Access: CloudFormation has no types for VPC Lattice in us-gov-west-1; deploy it to another region"
    )


def test_what_is_applied_is_remembered(stack: cdk.Stack, cluster: eks_v2.ICluster) -> None:
    """In a later call, too."""
    made = controller(stack, cluster)
    made.apply(GATEWAY, ORDERS)
    with pytest.raises(ArgumentError) as caught:
        made.apply(ORDERS)
    assert str(caught.value) == "Shop/Controller: HTTPRoute 'default/orders' is applied already; apply it once"
