"""Two services on VPC Lattice: a function, and an Application Load Balancer in front of containers.

Who may call is said in three places, and all of them have to agree: the service network admits the account, each
service admits what its auth policy says, and the caller's role has an identity policy.
"""

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from constructs_lattice import (
    Action,
    AlbTargetGroup,
    ApplicationLoadBalancer,
    Auth,
    HeaderMatch,
    LambdaTargetGroup,
    LatticePrefixLists,
    Match,
    Method,
    MicroserviceMesh,
    Service,
    Tier,
    Vpc,
    Weighted,
)

INVOKE = "vpc-lattice-svcs:Invoke"


class MeshStack(cdk.Stack):
    """A network, a mesh, two services and a caller."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="Two services on VPC Lattice")
        self.vpc = Vpc(self, "Vpc", cidr="10.60.0.0/16", tiers=[Tier.public(), Tier.private("app")])
        self.prefix_lists = LatticePrefixLists.from_parameters(self)
        self.mesh = MicroserviceMesh(self, "Mesh", vpcs={"app": self.vpc}, prefix_lists=self.prefix_lists)
        self.caller = iam.Role(self, "Caller", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
        self._orders()
        self._catalog()

    def _orders(self) -> None:
        """A function; its next version is for requests that ask for it, and for one in ten of the others."""
        stable, canary = (self._function(name) for name in ("OrdersStable", "OrdersCanary"))
        orders = self.mesh.add_service(
            "Orders",
            auth=Auth.iam(self._admit_caller()),
            default_action=Action.forward(Weighted(group=stable, weight=90), Weighted(group=canary, weight=10)),
        )
        orders.listeners["Https"].add_rule(
            "Canary",
            priority=100,
            match=Match.header_is(HeaderMatch.exact("x-release", "canary")),
            action=Action.forward(canary),
        )
        self._let_call(orders)

    def _catalog(self) -> None:
        """Containers behind an internal load balancer; anybody in the account may read, nobody may write."""
        balancer = ApplicationLoadBalancer(
            self, "CatalogBalancer", vpc=self.vpc, subnets=self.vpc.tier("app").selection
        )
        _acknowledge(balancer, "ELB2", "Every request is in the access logs of the service network already.")
        # Requests come from VPC Lattice, not from the VPC.
        listener = balancer.add_listener("Http", clients=self.prefix_lists.peers)
        self._containers(listener)
        catalog = self.mesh.add_service(
            "Catalog",
            default_action=Action.fixed_response(404),
            auth=Auth.same_account(),
        )
        catalog.listeners["Https"].add_rule(
            "Read",
            priority=100,
            match=Match.path_prefix("/catalog", method=Method.GET),
            action=Action.forward(AlbTargetGroup(self, "CatalogTarget", load_balancer=balancer.resource)),
        )
        self._let_call(catalog)

    def _admit_caller(self) -> iam.PolicyStatement:
        """For a service's auth policy: the caller's role, and nobody else."""
        return iam.PolicyStatement(
            actions=[INVOKE], resources=["*"], principals=[iam.ArnPrincipal(self.caller.role_arn)]
        )

    def _let_call(self, service: Service) -> None:
        """For the caller's identity policy: the service, all its paths."""
        paths = f"{service.service_arn}/*"
        self.caller.add_to_policy(iam.PolicyStatement(actions=[INVOKE], resources=[paths]))
        logical_id = self.get_logical_id(service.resource)
        _acknowledge(
            self.caller, f"IAM5[Resource::<{logical_id}.Arn>/*]", "The caller may call every path of the service."
        )

    def _function(self, name: str) -> LambdaTargetGroup:
        function = lambda_.Function(
            self,
            name,
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handle",
            code=lambda_.Code.from_inline(
                "def handle(event, context):\n    return {'statusCode': 200, 'body': '[]'}\n"
            ),
            log_group=logs.LogGroup(self, f"{name}Logs", retention=logs.RetentionDays.THREE_MONTHS),
        )
        if function.role is not None:
            managed = "arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
            _acknowledge(function.role, f"IAM4[Policy::{managed}]", "It allows writing logs, and nothing else.")
        return LambdaTargetGroup(self, f"{name}Target", function=function)

    def _containers(self, listener: elbv2.ApplicationListener) -> None:
        cluster = ecs.Cluster(self, "Cluster", vpc=self.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED)
        task = ecs.FargateTaskDefinition(self, "CatalogTask", cpu=256, memory_limit_mib=512)
        task.add_container(
            "Catalog",
            image=ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx-unprivileged:stable"),
            port_mappings=[ecs.PortMapping(container_port=8080)],
            logging=ecs.LogDrivers.aws_logs(stream_prefix="catalog", log_retention=logs.RetentionDays.THREE_MONTHS),
        )
        service = ecs.FargateService(
            self,
            "CatalogContainers",
            cluster=cluster,
            task_definition=task,
            desired_count=2,
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            vpc_subnets=self.vpc.tier("app").selection,
        )
        listener.add_targets("Catalog", port=8080, protocol=elbv2.ApplicationProtocol.HTTP, targets=[service])


def _acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    )


def main() -> None:
    """Synthesize the application, with the AwsSolutions rules of cdk-nag."""
    app = cdk.App()
    MeshStack(app, "Mesh", env=cdk.Environment(region=app.node.try_get_context("region") or "eu-west-1"))
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
