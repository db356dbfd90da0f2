"""Pods of an EKS cluster on VPC Lattice, by the Gateway API: two services, each with a share of a next version.

The Services and the pods are the business of those who own them; here is what brings requests to them. What is in the
cluster is applied by the kubectl provider of the CDK, which takes a Lambda layer with kubectl and helm. The layer is a
parameter here; the package `aws-cdk.lambda-layer-kubectl-v35` has it as a construct.
"""

from pathlib import Path

import aws_cdk as cdk
import cdk_nag
import yaml
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from constructs_lattice import (
    AccessLogs,
    Backend,
    ControllerCredentials,
    GatewayApiController,
    GatewayApiCrds,
    GatewayListener,
    GrpcMatch,
    GrpcRoute,
    GrpcRule,
    Guarantees,
    HealthCheck,
    HttpMatch,
    HttpRoute,
    HttpRule,
    LatticeGateway,
    LatticePrefixLists,
    ObjectRef,
    RouteHeader,
    ServiceNetwork,
    TargetGroupPolicy,
    Tier,
    Vpc,
    Zones,
)

# https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.5.1/standard-install.yaml
DEFINITIONS = Path(__file__).with_name("standard-install.yaml")
# Of the pods, which the Services map their own ports to.
HTTP, GRPC = 8080, 50051

MANAGED_POLICIES = [
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSWorkerNodePolicy",
    "service-role/AWSLambdaBasicExecutionRole",
    "service-role/AWSLambdaVPCAccessExecutionRole",
]
PUBLIC_REGISTRY = (
    '{"Fn::If":["ClusterKubectlProviderHandlerHasEcrPublic69E09706",'
    '{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},'
    '":iam::aws:policy/AmazonElasticContainerRegistryPublicReadOnly"]]},{"Ref":"AWS::NoValue"}]}'
)


class ShopStack(cdk.Stack):
    """A cluster, the controller in it, and a gateway with two routes."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="Pods of EKS on VPC Lattice")
        self.vpc = Vpc(
            self, "Vpc", cidr="10.80.0.0/16", zones=Zones.first(2), tiers=[Tier.public(), Tier.private("app")]
        )
        self.network = self._network()
        self.cluster = self._cluster()
        self.controller = GatewayApiController(
            self,
            "Controller",
            cluster=self.cluster,
            crds=self._definitions(),
            # EKS Auto Mode has the agent of Pod Identity already.
            credentials=ControllerCredentials.pod_identity(install_agent=False),
            prefix_lists=LatticePrefixLists.from_parameters(self),
            pod_ports=[HTTP, GRPC],
        )
        self._route()
        self._acknowledge_findings()

    def _network(self) -> ServiceNetwork:
        """Named, since the gateway has its name; associated with the VPC, so that no policy in the cluster has to."""
        access_logs = logs.LogGroup(self, "AccessLogs", retention=logs.RetentionDays.ONE_YEAR)
        network = ServiceNetwork(
            self,
            "Network",
            service_network_name="shop",
            access_logs=[AccessLogs.to_cloud_watch(access_logs)],
        )
        network.add_vpc_association("Vpc", vpc=self.vpc)
        return network

    def _cluster(self) -> eks.Cluster:
        """In EKS Auto Mode, with an endpoint in the VPC only."""
        layer = cdk.CfnParameter(
            self,
            "KubectlLayerArn",
            description="A version of a Lambda layer with kubectl and helm",
            allowed_pattern="arn:[^:]+:lambda:[^:]+:[0-9]{12}:layer:[^:]+:[0-9]+",
        )
        private = self.vpc.tier("app").selection
        return eks.Cluster(
            self,
            "Cluster",
            version=eks.KubernetesVersion.V1_35,
            vpc=self.vpc,
            vpc_subnets=[private],
            endpoint_access=eks.EndpointAccess.PRIVATE,
            cluster_logging=list(eks.ClusterLoggingTypes),
            kubectl_provider_options=eks.KubectlProviderOptions(
                kubectl_layer=lambda_.LayerVersion.from_layer_version_arn(self, "KubectlLayer", layer.value_as_string),
                private_subnets=self.vpc.select_subnets(subnet_group_name="app").subnets,
            ),
        )

    def _definitions(self) -> GatewayApiCrds:
        if DEFINITIONS.exists():
            return GatewayApiCrds.manifests(yaml.safe_load_all(DEFINITIONS.read_text()))
        cdk.Annotations.of(self).add_warning_v2(
            "example:gatewayApiDefinitions",
            f"the cluster needs the definitions of the Gateway API v1.5.1; put {DEFINITIONS.name} beside app.py",
        )
        return GatewayApiCrds.installed()

    def _route(self) -> None:
        gateway = LatticeGateway.of(self.network, listeners=[GatewayListener.https()])
        orders = HttpRoute(
            name="orders",
            parents=[gateway.listener("https")],
            rules=[
                HttpRule.to(
                    Backend.service("orders-next", port=80),
                    match=HttpMatch.header_is(RouteHeader(name="x-release", value="next")),
                ),
                HttpRule.to(
                    Backend.service("orders", port=80, weight=90), Backend.service("orders-next", port=80, weight=10)
                ),
            ],
        )
        prices = GrpcRoute(
            name="prices",
            parents=[gateway.listener("https")],
            rules=[
                GrpcRule.to(
                    Backend.service("prices", port=50051, weight=75),
                    Backend.service("prices-next", port=50051, weight=25),
                    match=GrpcMatch.of("shop.Prices"),
                )
            ],
        )
        check = HealthCheck(path="/healthz", interval=cdk.Duration.seconds(15))
        policies = [
            TargetGroupPolicy(name=name, target=ObjectRef.service(name), health_check=check)
            for name in ("orders", "orders-next")
        ]
        self.controller.apply(gateway, orders, prices, *policies)

    def _acknowledge_findings(self) -> None:
        for policy in MANAGED_POLICIES:
            reason = "AWS maintains what EKS, its nodes, and the functions of the CDK need."
            _acknowledge(self.cluster, f"IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{policy}]", reason)
        _acknowledge(self.cluster, f"IAM4[Policy::{PUBLIC_REGISTRY}]", "The controller's chart is in the public ECR.")
        handler = "<ClusterKubectlProviderHandler2E05C68A.Arn>"
        _acknowledge(self.cluster, f"IAM5[Resource::{handler}:*]", "One function of the CDK calls the other one.")
        _acknowledge(self.cluster, "L1", "The CDK chooses the runtime of its functions.")
        own = "arn:<AWS::Partition>:vpc-lattice:<AWS::Region>:<AWS::AccountId>"
        for resource, reason in {
            "*": "Lists, and what EC2 and ACM describe, have no resources to name.",
            f"{own}:service/*": "The controller makes the services of all routes.",
            f"{own}:targetgroup/*": "The controller makes the target groups of all Services.",
            f"{own}:servicenetworkserviceassociation/*": "The controller associates its services.",
            "arn:<AWS::Partition>:vpc-lattice:<AWS::Region>:*:servicenetwork/*": "Other accounts may share theirs.",
        }.items():
            _acknowledge(self.controller, f"IAM5[Resource::{resource}]", reason)
        cdk.Annotations.of(self.cluster).acknowledge_warning(
            "@aws-cdk/aws-eks:clusterMustManuallyTagSubnet", "VPC Lattice takes the place of load balancers."
        )


def _acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    )


def main() -> None:
    """Synthesize the application, with its guarantees and the AwsSolutions rules of cdk-nag."""
    app = cdk.App()
    ShopStack(app, "Shop", env=cdk.Environment(region=app.node.try_get_context("region") or "eu-west-1"))
    # What must be so of what is synthesized; `cdk synth` fails otherwise.
    Guarantees.of(app).add_file(Path(__file__).with_name("guarantees.yaml"))
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
