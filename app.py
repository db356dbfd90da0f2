"""The reference application: three networks, one for each pattern, each a stack that deploys by itself.

`cdk synth` and `cdk deploy` run it. The region is `eu-west-1` unless the context says otherwise: `-c region=us-east-1`.
"""

from pathlib import Path

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from constructs_lattice import (
    Action,
    FlowLogs,
    Guarantees,
    HybridNetwork,
    LambdaTargetGroup,
    Match,
    Method,
    MicroserviceMesh,
    MultiTierNetwork,
    Segment,
    Service,
    Site,
    Spoke,
    Tier,
    Tunnel,
    Vpc,
    Weighted,
    Zones,
)

# The address plan of the estate: a /16 for each VPC, out of 10.0.0.0/8; what is on premises has 192.168.0.0/16.
SHOP = "10.20.0.0/16"
BILLING = "10.30.0.0/16"
ANALYTICS = "10.31.0.0/16"
SANDBOX = "10.40.0.0/16"
SHARED = "10.50.0.0/16"
MESH = "10.60.0.0/16"
ON_PREMISES = "192.168.0.0/16"


class ShopStack(cdk.Stack):
    """A multi-tier network for a shop on the internet."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A multi-tier network for a shop on the internet")
        certificate = cdk.CfnParameter(
            self,
            "CertificateArn",
            description="The ACM certificate of the shop's domain",
            allowed_pattern="arn:[^:]+:acm:[^:]+:[0-9]{12}:certificate/.+",
        )
        access_logs = log_bucket(self, "AccessLogs")
        network = MultiTierNetwork(
            self,
            "Network",
            cidr=SHOP,
            certificates=[elbv2.ListenerCertificate.from_arn(certificate.value_as_string)],
            interface_endpoints=["ecr.api", "ecr.dkr", "logs", "secretsmanager"],
            access_logs=access_logs,
            deletion_protection=True,
        )
        acknowledge(
            network.load_balancer.security_group,
            "EC23",
            "The shop is for everyone: its load balancer admits the internet on 80 (redirected) and 443.",
        )
        cdk.CfnOutput(self, "Address", value=network.load_balancer.dns_name)


class EstateStack(cdk.Stack):
    """A hybrid network: production, development and shared services, connected with two sites."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A hybrid network of three segments and two sites")
        network = HybridNetwork(
            self,
            "Network",
            segments=[
                Segment.of("production", Spoke(name="billing", cidr=BILLING), Spoke(name="analytics", cidr=ANALYTICS)),
                Segment.of("development", Spoke(name="sandbox", cidr=SANDBOX)),
                Segment.shared("shared", Spoke(name="services", cidr=SHARED)),
            ],
            on_premises=[ON_PREMISES],
            zones=Zones.first(2),
            flow_logs=FlowLogs.to_s3(log_bucket(self, "FlowLogs")),
            sites=[
                Site(
                    name="headquarters",
                    ip_address="203.0.113.10",
                    bgp_asn=65_010,
                    tunnels=[Tunnel(inside_cidr="169.254.10.0/30"), Tunnel(inside_cidr="169.254.10.4/30")],
                ),
                Site(
                    name="warehouse",
                    ip_address="198.51.100.20",
                    bgp_asn=65_020,
                    tunnels=[Tunnel(inside_cidr="169.254.20.0/30"), Tunnel(inside_cidr="169.254.20.4/30")],
                ),
            ],
        )
        cdk.CfnOutput(self, "TransitGatewayId", value=network.transit_gateway.transit_gateway_id)


class MeshStack(cdk.Stack):
    """A mesh of two services: orders, and a catalog whose new version gets a tenth of the requests."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A mesh of two services on VPC Lattice")
        vpc = Vpc(self, "Clients", cidr=MESH, tiers=[Tier.isolated("app")])
        mesh = MicroserviceMesh(self, "Mesh", vpcs={"clients": vpc})
        orders = mesh.add_service("Orders", default_action=Action.fixed_response(404))
        orders.listeners["Https"].add_rule(
            "Read",
            priority=100,
            match=Match.path_prefix("/orders", method=Method.GET),
            action=Action.forward(self._target("OrdersRead", "reads orders")),
        )
        orders.listeners["Https"].add_rule(
            "Place",
            priority=200,
            match=Match.path_exact("/orders", method=Method.POST),
            action=Action.forward(self._target("OrdersPlace", "places orders")),
        )
        catalog = mesh.add_service(
            "Catalog",
            default_action=Action.forward(
                Weighted(group=self._target("CatalogBlue", "the catalog"), weight=90),
                Weighted(group=self._target("CatalogGreen", "the next catalog"), weight=10),
            ),
        )
        self._let_website_in(orders, catalog)
        cdk.CfnOutput(self, "OrdersDomainName", value=orders.domain_name)
        cdk.CfnOutput(self, "CatalogDomainName", value=catalog.domain_name)

    def _let_website_in(self, orders: Service, catalog: Service) -> None:
        """The services take requests from this account; which of its roles send them is said here."""
        website = iam.Role(self, "Website", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
        orders.grants.invoke(website, methods=[Method.GET, Method.POST], paths=["/orders", "/orders/*"])
        catalog.grants.invoke(website, methods=[Method.GET])
        for service, path in ((orders, "/orders/*"), (catalog, "/*")):
            resource = f"<{self.get_logical_id(service.resource)}.Arn>{path}"
            acknowledge(website, f"IAM5[Resource::{resource}]", "The website may call every path below.")

    def _target(self, name: str, description: str) -> LambdaTargetGroup:
        function = lambda_.Function(
            self,
            name,
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handle",
            code=lambda_.Code.from_inline(HANDLER),
            log_group=logs.LogGroup(self, f"{name}Logs", retention=logs.RetentionDays.THREE_MONTHS),
        )
        if (role := function.role) is not None:
            acknowledge(
                role,
                "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
                "The managed policy allows writing logs, and nothing else.",
            )
        return LambdaTargetGroup(self, f"{name}Target", function=function)


HANDLER = '''\
import json


def handle(event, context):
    """Answer with the path that was asked for."""
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(event.get("path"))}
'''


def log_bucket(scope: Construct, id: str) -> s3.Bucket:
    """A private bucket that keeps logs for a year."""
    bucket = s3.Bucket(
        scope,
        id,
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(365))],
    )
    acknowledge(bucket, "S1", "This is a bucket for logs; its own would go in circles.")
    return bucket


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept one finding of cdk-nag's AwsSolutions rules, on `construct` and below, for a reason."""
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    )


def main() -> None:
    """Synthesize all three stacks, checked by the AwsSolutions rules of cdk-nag."""
    app = cdk.App()
    env = cdk.Environment(region=app.node.try_get_context("region") or "eu-west-1")
    ShopStack(app, "Shop", env=env)
    EstateStack(app, "Estate", env=env)
    MeshStack(app, "Mesh", env=env)
    # What must be so of what is synthesized; `cdk synth` fails otherwise.
    Guarantees.of(app).add_file(Path(__file__).with_name("guarantees.yaml"))
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
