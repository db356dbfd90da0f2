"""A shop whose web tier calls a service of orders over VPC Lattice."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from constructs_lattice import (
    Action,
    Auth,
    FlowLogs,
    IpTargetGroup,
    Match,
    Method,
    Service,
    ServiceNetwork,
    Tier,
    Vpc,
    Weighted,
)


class Shop(cdk.Stack):
    """`web`, a function, may read `orders`; `batch`, a role, may do nothing; anybody may ask for the status."""

    def __init__(self, scope: cdk.App, id: str = "Shop") -> None:
        super().__init__(scope, id, env=cdk.Environment(region="eu-west-1", account="111111111111"))
        self.vpc = Vpc(
            self,
            "Vpc",
            cidr="10.20.0.0/16",
            tiers=[Tier.isolated("app")],
            flow_logs=FlowLogs.none(),
            gateway_endpoints=[],
        )
        self.network = ServiceNetwork(self, "Network", auth=Auth.iam())
        self.network.add_vpc_association("Vpc", vpc=self.vpc)
        self.web = lambda_.Function(
            self,
            "Web",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_inline("def handler(event, context): ..."),
            vpc=self.vpc,
            vpc_subnets=self.vpc.tier("app").selection,
        )
        self.batch = iam.Role(self, "Batch", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        self.batch.add_to_policy(iam.PolicyStatement(actions=["vpc-lattice-svcs:Invoke"], resources=["*"]))
        self.blue, self.green = (IpTargetGroup(self, name, vpc=self.vpc) for name in ("Blue", "Green"))
        self.orders = Service(self, "Orders", service_networks=[self.network], auth=Auth.iam())
        https = self.orders.add_listener("Https", default_action=Action.fixed_response(404))
        https.add_rule(
            "Orders",
            match=Match.path_prefix("/orders"),
            action=Action.forward(Weighted(group=self.blue, weight=90), Weighted(group=self.green, weight=10)),
        )
        self.orders.grants.invoke(self.web, methods=[Method.GET], paths=["/orders", "/orders/*"])
        self.orders.grants.invoke(iam.AnyPrincipal(), methods=[Method.GET], paths=["/status"])
