"""The three-tier example, written by hand with aws-cdk-lib and nothing else: what ours is measured against.

It makes resources of the same types in the same numbers; the benchmark refuses to compare otherwise.
"""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from constructs import Construct


class HandwrittenShop(cdk.Stack):
    """The stack of `examples/three_tier`, by hand."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A shop in three tiers")
        self.vpc = self._vpc()
        self.balancer_group = self._group("LoadBalancerSecurityGroup", outbound=False)
        self.app_group = self._group("AppSecurityGroup", outbound=True)
        self.data_group = self._group("DataSecurityGroup", outbound=False)
        listener = self._load_balancer()
        self.app_group.connections.allow_from(self.balancer_group, ec2.Port.tcp(8080))
        self.data_group.connections.allow_from(self.app_group, ec2.Port.tcp(5432))
        service = self._service()
        listener.add_targets(
            "App",
            port=8080,
            protocol=elbv2.ApplicationProtocol.HTTP,
            targets=[service],
            health_check=elbv2.HealthCheck(path="/healthz", interval=cdk.Duration.seconds(15)),
        )
        self._database(service)
        _acknowledge(self.balancer_group, "EC23")

    def _vpc(self) -> ec2.Vpc:
        group = logs.LogGroup(
            self, "FlowLogGroup", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=cdk.RemovalPolicy.DESTROY
        )
        role = iam.Role(self, "FlowLogRole", assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com"))
        vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr("10.20.0.0/16"),
            availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"],
            nat_gateways=3,
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="web", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24, map_public_ip_on_launch=False
                ),
                ec2.SubnetConfiguration(name="app", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=20),
                ec2.SubnetConfiguration(name="data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=22),
            ],
            flow_logs={
                "FlowLog": ec2.FlowLogOptions(destination=ec2.FlowLogDestination.to_cloud_watch_logs(group, role))
            },
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3),
                "DynamoDb": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.DYNAMODB),
            },
        )
        ec2.CfnSecurityGroupEgress(
            self,
            "DefaultSecurityGroupEgress",
            group_id=vpc.vpc_default_security_group,
            ip_protocol="-1",
            cidr_ip="127.0.0.1/32",
        )
        return vpc

    def _group(self, id: str, *, outbound: bool) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(self, id, vpc=self.vpc, allow_all_outbound=outbound)

    def _load_balancer(self) -> elbv2.ApplicationListener:
        certificate = cdk.CfnParameter(
            self, "CertificateArn", allowed_pattern="arn:[^:]+:acm:[^:]+:[0-9]{12}:certificate/.+"
        )
        balancer = elbv2.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=self.vpc,
            internet_facing=True,
            vpc_subnets=ec2.SubnetSelection(subnet_group_name="web"),
            security_group=self.balancer_group,
            drop_invalid_header_fields=True,
            deletion_protection=True,
        )
        bucket = s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(365))],
        )
        _acknowledge(bucket, "S1")
        balancer.log_access_logs(bucket)
        balancer.add_redirect(open=False)
        for port in (80, 443):
            balancer.connections.allow_from(ec2.Peer.any_ipv4(), ec2.Port.tcp(port))
        cdk.CfnOutput(self, "Address", value=balancer.load_balancer_dns_name)
        return balancer.add_listener(
            "Https",
            port=443,
            protocol=elbv2.ApplicationProtocol.HTTPS,
            certificates=[elbv2.ListenerCertificate.from_arn(certificate.value_as_string)],
            ssl_policy=elbv2.SslPolicy.RECOMMENDED_TLS,
            open=False,
        )

    def _service(self) -> ecs.FargateService:
        cluster = ecs.Cluster(self, "Cluster", vpc=self.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED)
        task = ecs.FargateTaskDefinition(self, "AppTask", cpu=512, memory_limit_mib=1024)
        task.add_container(
            "App",
            image=ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx-unprivileged:stable"),
            port_mappings=[ecs.PortMapping(container_port=8080)],
            logging=ecs.LogDrivers.aws_logs(stream_prefix="app"),
        )
        return ecs.FargateService(
            self,
            "App",
            cluster=cluster,
            task_definition=task,
            desired_count=3,
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            vpc_subnets=ec2.SubnetSelection(subnet_group_name="app"),
            security_groups=[self.app_group],
        )

    def _database(self, service: ecs.FargateService) -> None:
        database = rds.DatabaseInstance(
            self,
            "Database",
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17_9),
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
            credentials=rds.Credentials.from_generated_secret("shop"),
            vpc=self.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_group_name="data"),
            security_groups=[self.data_group],
            multi_az=True,
            storage_encrypted=True,
            iam_authentication=True,
            deletion_protection=True,
            backup_retention=cdk.Duration.days(14),
        )
        database.grant_connect(service.task_definition.task_role, "shop_app")
        for rule in ("RDS11", "SMG4"):
            _acknowledge(database, rule)


def _acknowledge(construct: Construct, rule: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason="as in the example")
    )
