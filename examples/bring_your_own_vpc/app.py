"""VPC Lattice in an application that is there already: a plain `ec2.Vpc`, an ECS service and a Lambda function.

Nothing of it is made by this library; the service network, its services and its target groups are added to it.
"""

from pathlib import Path
from typing import cast

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from constructs_lattice import (
    AccessLogs,
    Action,
    Guarantees,
    HealthCheck,
    IpTargetGroup,
    LambdaTargetGroup,
    LatticePrefixLists,
    Match,
    Method,
    Service,
    ServiceNetwork,
)

PORT = 8080


class SiteStack(cdk.Stack):
    """An application as it was, and what makes it part of a service network."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="An application that VPC Lattice was added to")
        self._define_what_was_there()
        self._add_lattice()

    def _define_what_was_there(self) -> None:
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            restrict_default_security_group=False,
            flow_logs={"FlowLog": ec2.FlowLogOptions()},
        )
        cluster = ecs.Cluster(self, "Cluster", vpc=self.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED)
        task = ecs.FargateTaskDefinition(self, "WebTask", cpu=256, memory_limit_mib=512)
        task.add_container(
            "Web",
            image=ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx-unprivileged:stable"),
            port_mappings=[ecs.PortMapping(name="web", container_port=PORT)],
            logging=ecs.LogDrivers.aws_logs(stream_prefix="web", log_retention=logs.RetentionDays.THREE_MONTHS),
        )
        self.web = ecs.FargateService(
            self,
            "Web",
            cluster=cluster,
            task_definition=task,
            desired_count=2,
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
        )
        self.report = lambda_.Function(
            self,
            "Report",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handle",
            code=lambda_.Code.from_inline(
                "def handle(event, context):\n    return {'statusCode': 200, 'body': '[]'}\n"
            ),
            log_group=logs.LogGroup(self, "ReportLogs", retention=logs.RetentionDays.THREE_MONTHS),
        )
        if self.report.role is not None:
            managed = "arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
            _acknowledge(self.report.role, f"IAM4[Policy::{managed}]", "It allows writing logs, and nothing else.")

    def _add_lattice(self) -> None:
        """Both are services of one network now, found and called the same way."""
        access_logs = logs.LogGroup(self, "AccessLogs", retention=logs.RetentionDays.ONE_YEAR)
        network = ServiceNetwork(self, "Network", access_logs=[AccessLogs.to_cloud_watch(access_logs)])
        network.add_vpc_association("Vpc", vpc=self.vpc)
        site = Service(self, "Site", service_networks=[network])
        listener = site.add_listener("Https", default_action=Action.forward(self._web_target()))
        listener.add_rule(
            "Report",
            priority=100,
            match=Match.path_prefix("/report"),
            action=Action.forward(LambdaTargetGroup(self, "ReportTarget", function=self.report)),
        )
        # Both take requests from this account only, and from roles that may send them: the containers may read reports.
        site.grants.invoke(self.web, methods=[Method.GET], paths=["/report", "/report/*"])
        report = f"<{self.get_logical_id(site.resource)}.Arn>/report/*"
        _acknowledge(self.web.task_definition.task_role, f"IAM5[Resource::{report}]", "It may read every report.")
        cdk.CfnOutput(self, "SiteDomainName", value=site.domain_name)

    def _web_target(self) -> IpTargetGroup:
        """A target group that ECS registers the service's tasks with."""
        group = IpTargetGroup(
            self,
            "WebTarget",
            vpc=self.vpc,
            port=PORT,
            health_check=HealthCheck(path="/", interval=cdk.Duration.seconds(15)),
        )
        LatticePrefixLists.from_parameters(self).allow_from(self.web, PORT)
        role = iam.Role(self, "EcsInfrastructure", assumed_by=iam.ServicePrincipal("ecs.amazonaws.com"))
        policy = "AmazonECSInfrastructureRolePolicyForVpcLattice"
        role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name(policy))
        managed = f"arn:<AWS::Partition>:iam::aws:policy/{policy}"
        _acknowledge(role, f"IAM4[Policy::{managed}]", "AWS maintains what ECS needs to register targets.")
        service = cast("ecs.CfnService", self.web.node.default_child)
        service.vpc_lattice_configurations = [
            ecs.CfnService.VpcLatticeConfigurationProperty(
                port_name="web", role_arn=role.role_arn, target_group_arn=group.target_group_arn
            )
        ]
        return group


def _acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    )


def main() -> None:
    """Synthesize the application, with its guarantees and the AwsSolutions rules of cdk-nag."""
    app = cdk.App()
    env = cdk.Environment(region=app.node.try_get_context("region") or "eu-west-1")
    SiteStack(app, "Site", env=env)
    # What must be so of what is synthesized; `cdk synth` fails otherwise.
    Guarantees.of(app).add_file(Path(__file__).with_name("guarantees.yaml"))
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
