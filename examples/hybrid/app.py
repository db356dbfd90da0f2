"""A company's estate: production and development apart, shared services for both, and two offices over VPN."""

from pathlib import Path

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lattice import (
    DhcpOptions,
    FlowLogs,
    Guarantees,
    HybridNetwork,
    Nat,
    PrefixList,
    PrefixListEntry,
    Segment,
    Site,
    Spoke,
    Tier,
    Tunnel,
    Vpc,
    VpcOutputs,
    VpcParameters,
    Zones,
)

OFFICES = ["192.168.0.0/19"]


class EstateStack(cdk.Stack):
    """The network, and a database that the offices reach."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="Production, development and shared services, and two offices")
        self.network = HybridNetwork(
            self,
            "Network",
            amazon_side_asn=64_600,
            segments=[
                Segment.of("production", Spoke(name="erp", cidr="10.100.0.0/16")),
                Segment.of("development", Spoke(name="lab", cidr="10.101.0.0/16")),
                Segment.shared("shared", Spoke(name="directory", cidr="10.102.0.0/20")),
            ],
            on_premises=OFFICES,
            zones=Zones.first(2),
            flow_logs=FlowLogs.to_s3(self._flow_log_bucket()),
            sites=[
                Site(
                    name="berlin",
                    ip_address="203.0.113.10",
                    bgp_asn=65_010,
                    tunnels=[Tunnel(inside_cidr="169.254.10.0/30"), Tunnel(inside_cidr="169.254.10.4/30")],
                ),
                Site(
                    name="porto",
                    ip_address="198.51.100.20",
                    bgp_asn=65_020,
                    tunnels=[Tunnel(inside_cidr="169.254.20.0/30"), Tunnel(inside_cidr="169.254.20.4/30")],
                ),
            ],
        )
        erp = self.network.vpc("erp")
        self._database(erp)
        self._partner()
        # Clients there look for `ledger`, and mean `ledger.erp.example.com`.
        DhcpOptions(self, "ErpNames", domain_name="erp.example.com").associate_with("Erp", erp)
        # The teams that deploy into it find its tiers by their names, and other accounts take the outputs.
        VpcParameters(self, "ErpParameters", vpc=erp, prefix="/network/erp")
        VpcOutputs(self, "ErpOutputs", vpc=erp, name="Erp")

    def _flow_log_bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "FlowLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(365))],
        )
        _acknowledge(bucket, "S1", "This is a bucket for logs; its own would go in circles.")
        return bucket

    def _database(self, vpc: Vpc) -> None:
        """A database in production that clients in the offices use directly."""
        group = ec2.SecurityGroup(
            self, "ErpDatabase", vpc=vpc, description="The database of the ERP", allow_all_outbound=False
        )
        offices = PrefixList(
            self,
            "Offices",
            entries=[PrefixListEntry.of("192.168.0.0/20", "Berlin"), PrefixListEntry.of("192.168.16.0/20", "Porto")],
            max_entries=10,
        )
        group.add_ingress_rule(offices, ec2.Port.tcp(5432), "clients in the offices")
        database = rds.DatabaseInstance(
            self,
            "Erp",
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17_9),
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.R7G, ec2.InstanceSize.LARGE),
            credentials=rds.Credentials.from_generated_secret("erp"),
            vpc=vpc,
            vpc_subnets=vpc.tier("data").selection,
            security_groups=[group],
            storage_type=rds.StorageType.GP3,
            multi_az=True,
            storage_encrypted=True,
            iam_authentication=True,
            deletion_protection=True,
            backup_retention=cdk.Duration.days(14),
        )
        _acknowledge(database, "RDS11", "The port is no secret: the security group admits the offices only.")
        _acknowledge(database, "SMG4", "The application signs in with IAM; the master secret is for emergencies.")

    def _partner(self) -> None:
        """A VPC outside of the segments: it and the shared services reach each other, and nothing else does."""
        partner = Vpc(
            self,
            "Partner",
            cidr="10.103.0.0/20",
            tiers=[Tier.public("edge"), Tier.private("app"), Tier.transit()],
            nat=Nat.single(),
            zones=Zones.first(2),
        )
        gateway = self.network.transit_gateway
        table = gateway.add_route_table("partner")
        attachment = gateway.add_vpc_attachment(
            "partner-vpc", vpc=partner, route_table=table, propagate_to=[self.network.route_table("shared")]
        )
        directory = self.network.attachment("directory")
        directory.propagate_to(table)
        attachment.add_routes(["10.102.0.0/20"], from_=partner.tier("app").selection)
        directory.add_routes(["10.103.0.0/20"], from_=self.network.vpc("directory").tier("app").selection)


def _acknowledge(construct: Construct, rule: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    )


def main() -> None:
    """Synthesize the application, with its guarantees and the AwsSolutions rules of cdk-nag."""
    app = cdk.App()
    EstateStack(app, "Estate", env=cdk.Environment(region=app.node.try_get_context("region") or "eu-west-1"))
    # What must be so of what is synthesized; `cdk synth` fails otherwise.
    Guarantees.of(app).add_file(Path(__file__).with_name("guarantees.yaml"))
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
