"""The three-tier example, written by hand with aws-cdk-lib and nothing else: what ours is measured against.

Both ways make resources of the same types in the same numbers; the benchmark refuses to compare otherwise.
`HandwrittenShop` gives every subnet the address and the identity that ours has, which takes L1 constructs.
`PositionalShop` leaves both to `ec2.Vpc`, which numbers subnets by their position.
"""

from collections.abc import Iterator

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from constructs import Construct

ZONES = "abc"
TIERS = {"web": "10.20.{}.0/24", "app": "10.20.{}.0/20", "data": "10.20.{}.0/22"}
FIELDS = (
    "version",
    "account-id",
    "interface-id",
    "srcaddr",
    "dstaddr",
    "srcport",
    "dstport",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "log-status",
    "subnet-id",
    "az-id",
    "flow-direction",
    "pkt-dst-aws-service",
    "reject-reason",
)
FLOW_LOG_FORMAT = " ".join(f"${{{field}}}" for field in FIELDS)
THIRD_OCTETS = {"web": (0, 1, 2), "app": (64, 80, 96), "data": (16, 20, 24)}


class PositionalShop(cdk.Stack):
    """The stack of `examples/three_tier` by hand, on an `ec2.Vpc`."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A shop in three tiers")
        self.vpc = self._vpc()
        self._flow_log()
        self._exclude()
        self.balancer_group = self._group("LoadBalancerSecurityGroup", outbound=False)
        self.app_group = self._group("AppSecurityGroup", outbound=True)
        self.data_group = self._group("DataSecurityGroup", outbound=False)
        listener = self._load_balancer()
        self.app_group.connections.allow_from(self.balancer_group, ec2.Port.tcp(8080))
        self.data_group.connections.allow_from(self.app_group, ec2.Port.tcp(5432))
        service = self._service()
        self._logs_endpoint(service)
        listener.add_targets(
            "App",
            port=8080,
            protocol=elbv2.ApplicationProtocol.HTTP,
            targets=[service],
            health_check=elbv2.HealthCheck(path="/healthz", interval=cdk.Duration.seconds(15)),
        )
        self._database(service)
        _acknowledge(self.balancer_group, "EC23")

    def _vpc(self) -> ec2.IVpc:
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

    def _log_bucket(self, id: str) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            id,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(365))],
        )
        _acknowledge(bucket, "S1")
        return bucket

    def _flow_log(self) -> None:
        ec2.FlowLog(
            self,
            "FlowLog",
            resource_type=ec2.FlowLogResourceType.from_vpc(self.vpc),
            destination=ec2.FlowLogDestination.to_s3(
                self._log_bucket("FlowLogs"),
                file_format=ec2.FlowLogFileFormat.PARQUET,
                hive_compatible_partitions=True,
                per_hour_partition=True,
            ),
            log_format=[ec2.LogFormat.custom(FLOW_LOG_FORMAT)],
        )

    def _exclude(self) -> None:
        for subnet in self.vpc.select_subnets(subnet_group_name="web").subnets:
            ec2.CfnVPCBlockPublicAccessExclusion(
                self,
                f"{subnet.node.id}-Exclusion",
                subnet_id=subnet.subnet_id,
                internet_gateway_exclusion_mode="allow-bidirectional",
            )

    def _logs_endpoint(self, service: ecs.FargateService) -> None:
        endpoint = ec2.InterfaceVpcEndpoint(
            self,
            "LogsEndpoint",
            vpc=self.vpc,
            service=ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
            subnets=ec2.SubnetSelection(subnet_group_name="app"),
        )
        endpoint.add_to_policy(
            iam.PolicyStatement(
                principals=[iam.ArnPrincipal(service.task_definition.obtain_execution_role().role_arn)],
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=["*"],
            )
        )

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
        bucket = self._log_bucket("AccessLogs")
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


class HandwrittenShop(PositionalShop):
    """The stack of `examples/three_tier` by hand, with subnets of given addresses and identities."""

    def _vpc(self) -> ec2.IVpc:
        vpc = ec2.CfnVPC(
            self,
            "Vpc",
            cidr_block="10.20.0.0/16",
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=self._tags("Vpc"),
        )
        vpc_id = vpc.ref
        ec2.CfnSecurityGroupEgress(
            self,
            "DefaultSecurityGroupEgress",
            group_id=vpc.attr_default_security_group,
            ip_protocol="-1",
            cidr_ip="127.0.0.1/32",
        )
        gateway = ec2.CfnInternetGateway(self, "InternetGateway", tags=self._tags("Vpc"))
        gateway_id = gateway.ref
        attachment = ec2.CfnVPCGatewayAttachment(
            self, "InternetGatewayAttachment", vpc_id=vpc_id, internet_gateway_id=gateway_id
        )
        subnets: dict[tuple[str, str], tuple[str, str]] = {}
        nat_ids: dict[str, str] = {}
        for tier, zone, cidr in self._blocks():
            subnet_id, table_id = subnets[tier, zone] = self._subnet(vpc_id, tier, zone, cidr)
            if tier == "web":
                route = self._route(tier, zone, table_id, gateway_id=gateway_id)
                route.node.add_dependency(attachment)
                nat_ids[zone] = self._nat_gateway(zone, subnet_id, route)
            elif tier == "app":
                self._route(tier, zone, table_id, nat_gateway_id=nat_ids[zone])
        self._endpoints(vpc_id, [table for (tier, _), (_, table) in subnets.items() if tier != "web"])
        return self._as_vpc(vpc_id, subnets)

    def _blocks(self) -> Iterator[tuple[str, str, str]]:
        for tier, pattern in TIERS.items():
            for zone, octet in zip(ZONES, THIRD_OCTETS[tier], strict=True):
                yield tier, zone, pattern.format(octet)

    def _subnet(self, vpc_id: str, tier: str, zone: str, cidr: str) -> tuple[str, str]:
        name = f"{tier}-{zone}"
        kind = {"web": "Public", "app": "Private", "data": "Isolated"}[tier]
        subnet = ec2.CfnSubnet(
            self,
            f"{name}-Subnet",
            vpc_id=vpc_id,
            cidr_block=cidr,
            availability_zone=f"eu-west-1{zone}",
            map_public_ip_on_launch=False,
            tags=[
                *self._tags(name),
                cdk.CfnTag(key="aws-cdk:subnet-name", value=tier),
                cdk.CfnTag(key="aws-cdk:subnet-type", value=kind),
            ],
        )
        table = ec2.CfnRouteTable(self, f"{name}-RouteTable", vpc_id=vpc_id, tags=self._tags(name))
        subnet_id, table_id = subnet.ref, table.ref
        ec2.CfnSubnetRouteTableAssociation(
            self, f"{name}-RouteTableAssociation", subnet_id=subnet_id, route_table_id=table_id
        )
        return subnet_id, table_id

    def _route(
        self, tier: str, zone: str, table_id: str, *, gateway_id: str | None = None, nat_gateway_id: str | None = None
    ) -> ec2.CfnRoute:
        return ec2.CfnRoute(
            self,
            f"{tier}-{zone}-DefaultRoute",
            route_table_id=table_id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway_id,
            nat_gateway_id=nat_gateway_id,
        )

    def _nat_gateway(self, zone: str, subnet_id: str, route: ec2.CfnRoute) -> str:
        address = ec2.CfnEIP(self, f"web-{zone}-NatAddress", domain="vpc", tags=self._tags(f"web-{zone}"))
        nat = ec2.CfnNatGateway(
            self,
            f"web-{zone}-NatGateway",
            subnet_id=subnet_id,
            allocation_id=address.attr_allocation_id,
            tags=self._tags(f"web-{zone}"),
        )
        nat.node.add_dependency(route)
        return nat.ref

    def _endpoints(self, vpc_id: str, tables: list[str]) -> None:
        for service in ("s3", "dynamodb"):
            ec2.CfnVPCEndpoint(
                self,
                f"{service}-GatewayEndpoint",
                vpc_id=vpc_id,
                vpc_endpoint_type="Gateway",
                service_name=f"com.amazonaws.{self.region}.{service}",
                route_table_ids=tables,
            )

    def _as_vpc(self, vpc_id: str, subnets: dict[tuple[str, str], tuple[str, str]]) -> ec2.IVpc:
        ids = {tier: [subnets[tier, zone][0] for zone in ZONES] for tier in TIERS}
        tables = {tier: [subnets[tier, zone][1] for zone in ZONES] for tier in TIERS}
        return ec2.Vpc.from_vpc_attributes(
            self,
            "Lookup",
            vpc_id=vpc_id,
            vpc_cidr_block="10.20.0.0/16",
            availability_zones=[f"eu-west-1{zone}" for zone in ZONES],
            public_subnet_ids=ids["web"],
            public_subnet_names=["web"],
            public_subnet_route_table_ids=tables["web"],
            private_subnet_ids=ids["app"],
            private_subnet_names=["app"],
            private_subnet_route_table_ids=tables["app"],
            isolated_subnet_ids=ids["data"],
            isolated_subnet_names=["data"],
            isolated_subnet_route_table_ids=tables["data"],
        )

    @staticmethod
    def _tags(name: str) -> list[cdk.CfnTag]:
        return [cdk.CfnTag(key="Name", value=f"Shop/{name}")]


def _acknowledge(construct: Construct, rule: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason="as in the example")
    )
