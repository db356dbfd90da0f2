"""Three services on VPC Lattice: functions, containers, and containers behind an Application Load Balancer.

Who may call is said once for each service, where its requests are routed or granted. That writes the caller's identity
policy and the service's auth policy; the service network lets the account in, as it does by default.
"""

from pathlib import Path

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
    EcsTarget,
    Guarantees,
    HeaderMatch,
    HealthCheck,
    IpTargetGroup,
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

IMAGE = "public.ecr.aws/nginx/nginx-unprivileged:stable"
PORT = 8080


class MeshStack(cdk.Stack):
    """A network, a mesh, three services and those who call them."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="Three services on VPC Lattice")
        self.vpc = Vpc(self, "Vpc", cidr="10.60.0.0/16", tiers=[Tier.public(), Tier.private("app")])
        self.prefix_lists = LatticePrefixLists.from_parameters(self)
        self.mesh = MicroserviceMesh(self, "Mesh", vpcs={"app": self.vpc}, prefix_lists=self.prefix_lists)
        self.cluster = ecs.Cluster(self, "Cluster", vpc=self.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED)
        self.web = iam.Role(self, "Web", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
        carts = self._carts()
        self._orders(carts)
        self._catalog(carts)

    def _carts(self) -> ecs.FargateService:
        """Containers that register themselves; the website may do everything with carts."""
        containers = self._containers("Carts")
        group = IpTargetGroup(
            self,
            "CartsTarget",
            vpc=self.vpc,
            port=PORT,
            health_check=HealthCheck(path="/", codes="200-399"),
            prefix_lists=self.prefix_lists,
        )
        tasks = EcsTarget(self, "CartsTasks", service=containers, group=group, port_name="http")
        managed = "arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForVpcLattice"
        _acknowledge(tasks.role, f"IAM4[Policy::{managed}]", "It allows registering targets, and nothing else.")
        carts = self.mesh.add_service("Carts", auth=Auth.iam(), default_action=Action.forward(group))
        carts.grants.invoke(self.web, paths=["/carts", "/carts/*"])
        self._acknowledge_paths(self.web, carts, "/carts/*")
        return containers

    def _orders(self, carts: ecs.FargateService) -> None:
        """Functions; the next version is for requests that ask for it, and for one in ten of the others.

        Carts become orders: only they place one. Whoever looks at orders may do so by either version.
        """
        stable, canary = (self._function(name) for name in ("OrdersStable", "OrdersCanary"))
        orders = self.mesh.add_service(
            "Orders",
            auth=Auth.iam(),
            default_action=Action.forward(Weighted(group=stable, weight=90), Weighted(group=canary, weight=10)),
        )
        orders.listeners["Https"].add_rule(
            "Canary",
            priority=100,
            match=Match.header_is(HeaderMatch.exact("x-release", "canary")),
            action=Action.forward(canary),
        )
        orders.grants.invoke(carts, methods=[Method.POST], paths=["/orders"])
        orders.grants.invoke(carts, self.web, methods=[Method.GET, Method.HEAD], paths=["/orders", "/orders/*"])
        for caller in (carts.task_definition.task_role, self.web):
            self._acknowledge_paths(caller, orders, "/orders/*")

    def _catalog(self, carts: ecs.FargateService) -> None:
        """Containers behind an internal load balancer; some may read, nobody may write: one rule says both."""
        balancer = ApplicationLoadBalancer(
            self, "CatalogBalancer", vpc=self.vpc, subnets=self.vpc.tier("app").selection
        )
        _acknowledge(balancer, "ELB2", "Every request is in the access logs of the service network already.")
        # Requests come from VPC Lattice, not from the VPC.
        listener = balancer.add_listener("Http", clients=self.prefix_lists.peers)
        listener.add_targets(
            "Catalog", port=PORT, protocol=elbv2.ApplicationProtocol.HTTP, targets=[self._containers("Catalog")]
        )
        catalog = self.mesh.add_service("Catalog", auth=Auth.iam(), default_action=Action.fixed_response(404))
        catalog.listeners["Https"].add_rule(
            "Read",
            priority=100,
            match=Match.path_prefix("/catalog/", method=Method.GET),
            action=Action.forward(AlbTargetGroup(self, "CatalogTarget", load_balancer=balancer.resource)),
            allow=[carts, self.web],
        )
        for caller in (carts.task_definition.task_role, self.web):
            self._acknowledge_paths(caller, catalog, "/catalog/*")

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

    def _containers(self, name: str) -> ecs.FargateService:
        task = ecs.FargateTaskDefinition(self, f"{name}Task", cpu=256, memory_limit_mib=512)
        task.add_container(
            name,
            image=ecs.ContainerImage.from_registry(IMAGE),
            port_mappings=[ecs.PortMapping(name="http", container_port=PORT)],
            logging=ecs.LogDrivers.aws_logs(stream_prefix=name.lower(), log_retention=logs.RetentionDays.THREE_MONTHS),
        )
        return ecs.FargateService(
            self,
            f"{name}Containers",
            cluster=self.cluster,
            task_definition=task,
            desired_count=2,
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            vpc_subnets=self.vpc.tier("app").selection,
        )

    def _acknowledge_paths(self, caller: IConstruct, service: Service, path: str) -> None:
        logical_id = self.get_logical_id(service.resource)
        _acknowledge(caller, f"IAM5[Resource::<{logical_id}.Arn>{path}]", "The caller may call every path below.")


def _acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    )


def main() -> None:
    """Synthesize the application, with its guarantees and the AwsSolutions rules of cdk-nag."""
    app = cdk.App()
    MeshStack(app, "Mesh", env=cdk.Environment(region=app.node.try_get_context("region") or "eu-west-1"))
    # What must be so of what is synthesized; `cdk synth` fails otherwise.
    Guarantees.of(app).add_file(Path(__file__).with_name("guarantees.yaml"))
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
