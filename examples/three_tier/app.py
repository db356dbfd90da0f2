"""A shop in three tiers: a load balancer in front, containers behind it, and a database that nobody else can reach."""

from pathlib import Path

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lattice import (
    AddressLock,
    EndpointPolicy,
    FlowLogField,
    FlowLogFiles,
    FlowLogFormat,
    FlowLogPartitions,
    FlowLogs,
    Guarantees,
    InterfaceEndpoint,
    Internet,
    MultiTierNetwork,
    VpcBlockPublicAccessExclusion,
)


class ShopStack(cdk.Stack):
    """The network, and what runs in it."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment, lock: AddressLock | None = None) -> None:
        super().__init__(scope, id, env=env, description="A shop in three tiers")
        certificate = cdk.CfnParameter(
            self,
            "CertificateArn",
            description="The ACM certificate of the shop's domain",
            allowed_pattern="arn:[^:]+:acm:[^:]+:[0-9]{12}:certificate/.+",
        )
        self.network = MultiTierNetwork(
            self,
            "Network",
            cidr="10.20.0.0/16",
            certificates=[elbv2.ListenerCertificate.from_arn(certificate.value_as_string)],
            access_logs=self._log_bucket("AccessLogs"),
            flow_logs=self._flow_logs(),
            deletion_protection=True,
            lock=lock,
        )
        # Where the account blocks public access to its VPCs, the shop stays open: its load balancer, and nothing else.
        web = self.network.vpc.tier("web").selection
        VpcBlockPublicAccessExclusion(self, "Open", vpc=self.network.vpc, subnets=web)
        service = self._service()
        self._let_records_out(service)
        self.network.listener.add_targets(
            "App",
            port=8080,
            protocol=elbv2.ApplicationProtocol.HTTP,
            targets=[service],
            health_check=elbv2.HealthCheck(path="/healthz", interval=cdk.Duration.seconds(15)),
        )
        self._guarantee(service, self._database(service))
        _acknowledge(
            self.network.load_balancer.security_group,
            "EC23",
            "The shop is for everyone: its load balancer admits the internet on 80 (redirected) and 443.",
        )
        cdk.CfnOutput(self, "Address", value=self.network.load_balancer.dns_name)

    def _log_bucket(self, name: str) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            name,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(365))],
        )
        _acknowledge(bucket, "S1", "This is a bucket for logs; its own would go in circles.")
        return bucket

    def _flow_logs(self) -> FlowLogs:
        """For queries: what passed and what was refused, in which zone, and to which service of AWS it went."""
        return FlowLogs.to_s3(
            self._log_bucket("FlowLogs"),
            files=FlowLogFiles.parquet(FlowLogPartitions.HIVE_HOURLY),
            format=FlowLogFormat.default().plus(
                FlowLogField.SUBNET_ID,
                FlowLogField.AZ_ID,
                FlowLogField.FLOW_DIRECTION,
                FlowLogField.PKT_DST_AWS_SERVICE,
                FlowLogField.REJECT_REASON,
            ),
        )

    def _let_records_out(self, service: ecs.FargateService) -> None:
        """Records go by an endpoint, not by NAT: nothing but records, and the application's only."""
        task = service.task_definition
        self.network.vpc.add_interface_endpoints(
            [
                InterfaceEndpoint(
                    service="logs",
                    policy=EndpointPolicy.of(
                        iam.PolicyStatement(
                            principals=[iam.ArnPrincipal(task.obtain_execution_role().role_arn)],
                            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                            resources=["*"],
                        )
                    ),
                )
            ]
        )

    def _service(self) -> ecs.FargateService:
        vpc = self.network.vpc
        cluster = ecs.Cluster(self, "Cluster", vpc=vpc, container_insights_v2=ecs.ContainerInsights.ENABLED)
        task = ecs.FargateTaskDefinition(self, "AppTask", cpu=512, memory_limit_mib=1024)
        task.add_container(
            "App",
            image=ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx-unprivileged:stable"),
            port_mappings=[ecs.PortMapping(container_port=8080)],
            logging=ecs.LogDrivers.aws_logs(stream_prefix="app", log_retention=logs.RetentionDays.THREE_MONTHS),
        )
        return ecs.FargateService(
            self,
            "App",
            cluster=cluster,
            task_definition=task,
            desired_count=3,
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            vpc_subnets=vpc.tier("app").selection,
            security_groups=[self.network.app_security_group],
        )

    def _database(self, service: ecs.FargateService) -> rds.DatabaseInstance:
        database = rds.DatabaseInstance(
            self,
            "Database",
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17_9),
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
            credentials=rds.Credentials.from_generated_secret("shop"),
            vpc=self.network.vpc,
            vpc_subnets=self.network.vpc.tier("data").selection,
            security_groups=[self.network.data_security_group],
            storage_type=rds.StorageType.GP3,
            multi_az=True,
            storage_encrypted=True,
            iam_authentication=True,
            deletion_protection=True,
            backup_retention=cdk.Duration.days(14),
        )
        database.grant_connect(service.task_definition.task_role, "shop_app")
        _acknowledge(database, "RDS11", "The port is no secret: the security group admits the application only.")
        _acknowledge(database, "SMG4", "The application signs in with IAM; the master secret is for emergencies.")
        return database

    def _guarantee(self, service: ecs.FargateService, database: rds.DatabaseInstance) -> None:
        """What three tiers are for; `cdk synth` fails when what was synthesized is otherwise."""
        front, vpc = self.network.load_balancer, self.network.vpc
        guarantees = Guarantees.of(self)
        guarantees.allow(Internet, to=front, port=443)
        guarantees.allow(front, to=service, port=8080)
        guarantees.allow(service, to=database, port=5432)
        guarantees.allow(service, to=Internet, port=443, why="its image comes from a public registry")
        guarantees.deny(Internet, to=front, port=8080)
        guarantees.deny(Internet, to=vpc.tier("app"))
        guarantees.deny(Internet, to=vpc.tier("data"))
        guarantees.deny(front, to=vpc.tier("data"))
        guarantees.deny(vpc.tier("data"), to=Internet, why="nothing that gets in there gets out")
        guarantees.deny(database, to=service)


def _acknowledge(construct: Construct, rule: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    )


def main() -> None:
    """Synthesize the application, with its guarantees and the AwsSolutions rules of cdk-nag."""
    app = cdk.App()
    # Read once, here; committed with the code. `cdk synth -c frozen=true` refuses to change it: for pipelines.
    lock = AddressLock.read(Path(__file__).with_name("addresses.lock"))
    env = cdk.Environment(region=app.node.try_get_context("region") or "eu-west-1")
    ShopStack(app, "Shop", env=env, lock=lock)
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    if app.node.try_get_context("frozen") in ("true", True):
        lock.check()
    app.synth()
    lock.write()


if __name__ == "__main__":
    main()
