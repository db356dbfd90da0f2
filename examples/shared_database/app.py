"""A database that another account's VPC reaches: without peering, a load balancer, or addresses that must not overlap.

The provider's stack has the database and a resource gateway in front of it, and shares it with the consumer's account.
The consumer's stack, which is deployed to that account, has an endpoint for it and a client. What the consumer has to
know are two parameters: the ARN of the resource configuration, and the name that RDS gave the database.
"""

from pathlib import Path

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct, IConstruct

from constructs_lattice import (
    AccessLogs,
    Guarantees,
    Principals,
    PrivateDomains,
    ResourceConfiguration,
    ResourceEndpoint,
    ResourceGateway,
    ResourceType,
    Tier,
    Vpc,
    Zones,
)

# Both have the same block: what is shared is the database, not the network.
CIDR = "10.70.0.0/16"
REGION = "eu-west-1"
# An endpoint uses the gateway in its own zone. Names of zones mean others in other accounts; ids do not.
ZONES = Zones.ids("euw1-az1", "euw1-az2", "euw1-az3")


class ProviderStack(cdk.Stack):
    """The database, and the way into its VPC."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A database that is shared with another account")
        consumer = cdk.CfnParameter(
            self, "ConsumerAccount", description="The account to share it with", allowed_pattern="[0-9]{12}"
        )
        self.vpc = Vpc(self, "Vpc", cidr=CIDR, zones=ZONES, tiers=[Tier.isolated("gateway"), Tier.isolated("data")])
        database = self._database()
        # Its security group lets out to the database, and the database's lets the gateway in: nothing else does.
        gateway = ResourceGateway(self, "Gateway", vpc=self.vpc, subnets=self.vpc.tier("gateway").selection)
        log_group = logs.LogGroup(self, "Connections", retention=logs.RetentionDays.ONE_YEAR)
        shared = ResourceConfiguration.database(
            self,
            "Shared",
            gateway=gateway,
            database=database,
            # The consumer uses it, and does not pass it on.
            allow_shareable_networks=False,
            access_logs=[AccessLogs.to_cloud_watch(log_group)],
        )
        shared.share("Share", principals=Principals.of_accounts(consumer.value_as_string))
        cdk.CfnOutput(self, "ResourceConfiguration", value=shared.resource_configuration_arn)
        cdk.CfnOutput(self, "DatabaseName", value=database.cluster_endpoint.hostname)

    def _database(self) -> rds.DatabaseCluster:
        cluster = rds.DatabaseCluster(
            self,
            "Database",
            engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_4),
            writer=rds.ClusterInstance.serverless_v2("Writer"),
            readers=[rds.ClusterInstance.serverless_v2("Reader", scale_with_writer=True)],
            credentials=rds.Credentials.from_generated_secret("shop"),
            vpc=self.vpc,
            vpc_subnets=self.vpc.tier("data").selection,
            storage_encrypted=True,
            iam_authentication=True,
            deletion_protection=True,
            backup=rds.BackupProps(retention=cdk.Duration.days(14)),
        )
        _acknowledge(cluster, "SMG4", "Clients sign in with IAM; the master secret is for emergencies.")
        return cluster


class ConsumerStack(cdk.Stack):
    """An endpoint for the database, and a function that connects to it."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A client of another account's database")
        arn = cdk.CfnParameter(
            self,
            "ResourceConfiguration",
            description="The ARN of the resource configuration, as the provider's stack tells it",
            allowed_pattern="arn:[^:]+:vpc-lattice:[^:]+:[0-9]{12}:resourceconfiguration/rcfg-[0-9a-z]{17}",
        )
        name = cdk.CfnParameter(self, "DatabaseName", description="The name that RDS gave the database")
        self.vpc = Vpc(self, "Vpc", cidr=CIDR, zones=ZONES, tiers=[Tier.isolated("app"), Tier.endpoints()])
        client = ec2.SecurityGroup(
            self, "Clients", vpc=self.vpc, description="Clients of the database", allow_all_outbound=False
        )
        database = ResourceConfiguration.from_resource_configuration_attributes(
            self,
            "Database",
            resource_configuration_arn=arn.value_as_string,
            type=ResourceType.ARN,
            ports=[5432],
        )
        # With private DNS, the name that RDS gave the database leads to the endpoint.
        ResourceEndpoint(
            self,
            "Endpoint",
            resource_configuration=database,
            vpc=self.vpc,
            clients=[client],
            private_dns=PrivateDomains.verified(),
        )
        self._client(client, name.value_as_string)

    def _client(self, group: ec2.SecurityGroup, host: str) -> None:
        function = lambda_.Function(
            self,
            "Client",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handle",
            code=lambda_.Code.from_inline(
                "import os, socket\n\n\n"
                "def handle(event, context):\n"
                "    with socket.create_connection((os.environ['HOST'], 5432), timeout=5) as connection:\n"
                "        return {'connected': connection.getpeername()[0]}\n"
            ),
            environment={"HOST": host},
            vpc=self.vpc,
            vpc_subnets=self.vpc.tier("app").selection,
            security_groups=[group],
            log_group=logs.LogGroup(self, "ClientLogs", retention=logs.RetentionDays.THREE_MONTHS),
        )
        if function.role is not None:
            for policy in ("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole"):
                managed = f"arn:<AWS::Partition>:iam::aws:policy/service-role/{policy}"
                _acknowledge(
                    function.role, f"IAM4[Policy::{managed}]", "It allows logs and network interfaces, nothing else."
                )


def _acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    )


def main() -> None:
    """Synthesize the application, with its guarantees and the AwsSolutions rules of cdk-nag."""
    app = cdk.App()
    env = cdk.Environment(region=REGION)
    ProviderStack(app, "Provider", env=env)
    ConsumerStack(app, "Consumer", env=env)
    # What must be so of what is synthesized; `cdk synth` fails otherwise.
    Guarantees.of(app).add_file(Path(__file__).with_name("guarantees.yaml"))
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
