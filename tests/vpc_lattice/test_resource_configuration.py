"""Resource configurations: one constructor for each kind of resource, and the way that the gateway gets to it."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_transfer as transfer
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Template

from constructs_lattice import (
    AccessLogs,
    ArgumentError,
    DnsResolution,
    DomainVerification,
    IpProtocol,
    Ports,
    ResourceConfiguration,
    ResourceGateway,
    ResourceType,
    Vpc,
)
from tests.vpc_lattice.vpcs import small_vpc

CONFIGURATION = "AWS::VpcLattice::ResourceConfiguration"
DATABASE = "arn:aws:rds:eu-west-1:111111111111:cluster:shop"
ARN = "arn:aws:vpc-lattice:eu-west-1:111111111111:resourceconfiguration/rcfg-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region="eu-west-1"))


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    return small_vpc(stack, "Vpc")


@pytest.fixture
def gateway(stack: cdk.Stack, vpc: Vpc) -> ResourceGateway:
    return ResourceGateway(stack, "Gateway", vpc=vpc)


def _properties(stack: cdk.Stack) -> dict[str, object]:
    (resource,) = Template.from_stack(stack).find_resources(CONFIGURATION).values()
    properties: dict[str, object] = resource["Properties"]
    return properties


def _egress(stack: cdk.Stack) -> list[tuple[str, int, int]]:
    """Where the gateway's own security group lets out to."""
    (group,) = (
        Template.from_stack(stack)
        .find_resources(
            "AWS::EC2::SecurityGroup",
            {"Properties": {"GroupDescription": "From a resource gateway to its resources"}},
        )
        .values()
    )
    rules = group["Properties"]["SecurityGroupEgress"]
    return [(rule.get("CidrIp") or rule["CidrIpv6"], rule["FromPort"], rule["ToPort"]) for rule in rules]


def test_a_domain_name(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """The gateway may connect to anything in its VPC, which is where the name leads to as far as is known."""
    cache = ResourceConfiguration.dns_name(
        stack, "Cache", gateway=gateway, domain_name="cache.internal", ports=[6379, Ports.tcp(8000, 8099)]
    )
    assert cache.type is ResourceType.SINGLE
    assert cache.gateway is gateway
    assert _properties(stack) == {
        "Name": cache.resource.name,
        "ResourceConfigurationType": "SINGLE",
        "ResourceConfigurationDefinition": {"DnsResource": {"DomainName": "cache.internal", "IpAddressType": "IPV4"}},
        "ResourceGatewayId": stack.resolve(gateway.resource_gateway_id),
        "PortRanges": ["6379", "8000-8099"],
        "ProtocolType": "TCP",
        "AllowAssociationToSharableServiceNetwork": True,
        "Tags": [{"Key": "Name", "Value": "Shop/Cache"}],
    }
    assert _egress(stack) == [("10.20.0.0/16", 6379, 6379), ("10.20.0.0/16", 8000, 8099)]


def test_what_a_domain_name_stands_for(stack: cdk.Stack, vpc: Vpc, gateway: ResourceGateway) -> None:
    """Then the gateway is let out to that and nothing else, and that lets the gateway in."""
    balancer = ec2.SecurityGroup(stack, "Balancer", vpc=vpc)
    ResourceConfiguration.dns_name(
        stack,
        "Web",
        gateway=gateway,
        domain_name="web.internal",
        ports=[443],
        peer=balancer,
        ip_protocol=IpProtocol.DUAL_STACK,
    )
    template = Template.from_stack(stack)
    (out,) = template.find_resources("AWS::EC2::SecurityGroupEgress", {"Properties": {"FromPort": 443}}).values()
    assert out["Properties"]["DestinationSecurityGroupId"] == stack.resolve(balancer.security_group_id)
    template.resource_count_is("AWS::EC2::SecurityGroupIngress", 1)


def test_an_address(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """The gateway is let out to it alone."""
    ResourceConfiguration.ip_address(stack, "Host", gateway=gateway, ip_address="10.20.1.5", ports=[22])
    assert _properties(stack)["ResourceConfigurationDefinition"] == {"IpResource": "10.20.1.5"}
    assert _egress(stack) == [("10.20.1.5/32", 22, 22)]


def test_all_that_can_be_said_of_one_resource(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """A domain name that is verified, sharing, a name, and logs."""
    verification = DomainVerification(stack, "Domain", domain_name="example.com")
    group = logs.LogGroup(stack, "Logs")
    host = ResourceConfiguration.ip_address(
        stack,
        "Host",
        gateway=gateway,
        ip_address="10.20.1.5",
        ports=[22],
        custom_domain_name="host.example.com",
        domain_verification=verification,
        allow_shareable_networks=False,
        resource_configuration_name="host",
        access_logs=[AccessLogs.to_cloud_watch(group)],
    )
    assert (host.custom_domain_name, host.allows_shareable_networks) == ("host.example.com", False)
    properties = _properties(stack)
    assert (properties["Name"], properties["CustomDomainName"]) == ("host", "host.example.com")
    assert properties["DomainVerificationId"] == stack.resolve(verification.domain_verification_id)
    assert properties["AllowAssociationToSharableServiceNetwork"] is False
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::AccessLogSubscription",
        {"ResourceIdentifier": stack.resolve(host.resource_configuration_arn)},
    )


def _instance(stack: cdk.Stack, vpc: ec2.IVpc) -> rds.DatabaseInstance:
    return rds.DatabaseInstance(
        stack,
        "Database",
        engine=rds.DatabaseInstanceEngine.POSTGRES,
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    )


def _cluster(stack: cdk.Stack, vpc: ec2.IVpc, *, public: bool = False) -> rds.DatabaseCluster:
    return rds.DatabaseCluster(
        stack,
        "Database",
        engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_4),
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        writer=rds.ClusterInstance.serverless_v2("writer", publicly_accessible=public),
    )


@pytest.mark.parametrize("make", [_instance, _cluster])
def test_a_database(stack: cdk.Stack, vpc: Vpc, gateway: ResourceGateway, make: object) -> None:
    """By its ARN, on its own port, which both security groups let through; it waits for all instances."""
    assert callable(make)
    database = make(stack, vpc)
    shared = ResourceConfiguration.database(stack, "Shared", gateway=gateway, database=database)
    assert shared.type is ResourceType.ARN
    properties = _properties(stack)
    arn = database.instance_arn if isinstance(database, rds.DatabaseInstance) else database.cluster_arn
    assert properties == {
        "Name": shared.resource.name,
        "ResourceConfigurationType": "ARN",
        "ResourceConfigurationDefinition": {"ArnResource": stack.resolve(arn)},
        "ResourceGatewayId": stack.resolve(gateway.resource_gateway_id),
        "AllowAssociationToSharableServiceNetwork": True,
        "Tags": [{"Key": "Name", "Value": "Shop/Shared"}],
    }
    template = Template.from_stack(stack)
    (out,) = template.find_resources("AWS::EC2::SecurityGroupEgress", {"Properties": {"IpProtocol": "tcp"}}).values()
    (into,) = template.find_resources("AWS::EC2::SecurityGroupIngress").values()
    (group,) = gateway.connections.security_groups
    (server,) = database.connections.security_groups
    assert out["Properties"]["DestinationSecurityGroupId"] == stack.resolve(server.security_group_id)
    assert into["Properties"]["SourceSecurityGroupId"] == stack.resolve(group.security_group_id)
    assert into["Properties"]["FromPort"]["Fn::GetAtt"][1] == "Endpoint.Port"
    (resource,) = template.find_resources(CONFIGURATION).values()
    assert set(template.find_resources("AWS::RDS::DBInstance")) <= set(resource["DependsOn"])


def test_a_database_that_is_imported(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """With its port and its security group, there is nothing else to say."""
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0")
    database = rds.DatabaseCluster.from_database_cluster_attributes(
        stack, "Database", cluster_identifier="shop", port=5432, security_groups=[group]
    )
    shared = ResourceConfiguration.database(stack, "Shared", gateway=gateway, database=database)
    assert [port.to_string() for port in shared.client_ports] == ["5432"]
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroupEgress", {"DestinationSecurityGroupId": "sg-0123456789abcdef0", "FromPort": 5432}
    )


def test_a_cluster_that_is_publicly_accessible_is_refused(stack: cdk.Stack, vpc: Vpc, gateway: ResourceGateway) -> None:
    """VPC Lattice takes none."""
    cluster = _cluster(stack, vpc, public=True)
    with pytest.raises(ArgumentError) as caught:
        ResourceConfiguration.database(stack, "Shared", gateway=gateway, database=cluster)
    assert str(caught.value) == (
        "Shop/Shared: cluster Shop/Database is publicly accessible, and cannot be shared by its ARN; "
        "take it from the public, or share its domain name"
    )


def test_a_database_in_another_vpc_is_refused(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """The gateway is where the database is."""
    cluster = _cluster(stack, small_vpc(stack, "Other"))
    with pytest.raises(ArgumentError) as caught:
        ResourceConfiguration.database(stack, "Shared", gateway=gateway, database=cluster)
    assert str(caught.value) == (
        "Shop/Shared: database Shop/Database must be in the vpc of resource gateway Shop/Gateway, got one in another; "
        "make a gateway there"
    )


def test_a_database_by_its_arn(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """Its port and its security groups are not known: the gateway is let out by its connections."""
    shared = ResourceConfiguration.arn(stack, "Shared", gateway=gateway, resource_arn=DATABASE)
    assert shared.client_ports == ()
    gateway.connections.allow_to(ec2.Peer.ipv4("10.20.1.0/24"), ec2.Port.tcp(5432))
    assert _properties(stack)["ResourceConfigurationDefinition"] == {"ArnResource": DATABASE}
    assert _egress(stack) == [("10.20.1.0/24", 5432, 5432)]


def test_a_network_segment(stack: cdk.Stack, vpc: Vpc) -> None:
    """A gateway that resolves in its VPC; what a service network may do with it is no question."""
    gateway = ResourceGateway(stack, "Gateway", vpc=vpc, dns_resolution=DnsResolution.IN_VPC)
    segment = ResourceConfiguration.cidrs(
        stack, "Segment", gateway=gateway, cidrs=["10.20.0.0/16", "2001:db8::/32"], ports=[53, 443]
    )
    assert segment.type is ResourceType.CIDR
    assert _properties(stack) == {
        "Name": segment.resource.name,
        "ResourceConfigurationType": "CIDR",
        "ResourceConfigurationDefinition": {"CidrResource": {"CidrRanges": ["10.20.0.0/16", "2001:db8::/32"]}},
        "ResourceGatewayId": stack.resolve(gateway.resource_gateway_id),
        "PortRanges": ["53", "443"],
        "Tags": [{"Key": "Name", "Value": "Shop/Segment"}],
    }
    assert _egress(stack) == [
        ("10.20.0.0/16", 53, 53),
        ("10.20.0.0/16", 443, 443),
        ("2001:db8::/32", 53, 53),
        ("2001:db8::/32", 443, 443),
    ]


def test_one_gateway_does_not_serve_databases_and_segments(stack: cdk.Stack, vpc: Vpc) -> None:
    """The ones need public resolvers, the others those of the VPC."""
    public = ResourceGateway(stack, "Public", vpc=vpc)
    private = ResourceGateway(stack, "Private", vpc=vpc, dns_resolution=DnsResolution.IN_VPC)
    with pytest.raises(ArgumentError) as caught:
        ResourceConfiguration.arn(stack, "Shared", gateway=private, resource_arn=DATABASE)
    assert str(caught.value) == (
        "Shop/Shared: resource gateway Shop/Private resolves names in its vpc, and databases by their ARN need one "
        "with DnsResolution.PUBLIC; make another gateway"
    )
    with pytest.raises(ArgumentError) as caught:
        ResourceConfiguration.cidrs(stack, "Shared", gateway=public, cidrs=["10.0.0.0/8"], ports=[443])
    assert str(caught.value) == (
        "Shop/Shared: resource gateway Shop/Public resolves names in public, and network segments need one with "
        "DnsResolution.IN_VPC; make another gateway"
    )
    assert stack.node.try_find_child("Shared") is None


def test_a_resource_of_the_other_ip_version_is_refused(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """A gateway of IPv4 reaches no address of IPv6."""
    with pytest.raises(ArgumentError) as caught:
        ResourceConfiguration.ip_address(stack, "Host", gateway=gateway, ip_address="2001:db8::5", ports=[22])
    assert str(caught.value) == (
        "Shop/Host: resource gateway Shop/Gateway has IPv4 addresses only, got a resource with IPv6; "
        "make another gateway"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"ports": []}, "ports is empty, so nobody could connect; give a port at least"),
        ({"ports": [Ports.udp(53)]}, "ports must be of TCP, which is all that VPC Lattice passes, got udp 53"),
        ({"ports": [0]}, "ports must be 1 to 65,535, got 0"),
        ({"custom_domain_name": "ab"}, "custom_domain_name must be 3 to 255 characters long, got 'ab' (2)"),
        (
            {"custom_domain_name": "a b.com"},
            "custom_domain_name must be a domain name such as shop.example.com, got 'a b.com'",
        ),
        (
            {"resource_configuration_name": "rcfg-host"},
            "resource_configuration_name must not begin with 'rcfg-', which ids do, got 'rcfg-host'",
        ),
    ],
)
def test_arguments_out_of_their_limits_are_refused(
    stack: cdk.Stack, gateway: ResourceGateway, arguments: dict[str, object], message: str
) -> None:
    """CloudFormation or VPC Lattice would refuse them at deployment."""
    given = {"ports": [22], **arguments}
    with pytest.raises(ArgumentError) as caught:
        ResourceConfiguration.ip_address(
            stack,
            "Host",
            gateway=gateway,
            ip_address="10.20.1.5",
            **given,  # type: ignore[arg-type]  # one at a time
        )
    assert str(caught.value) == f"Shop/Host: {message}"
    assert stack.node.try_find_child("Host") is None


def test_a_domain_name_must_be_within_what_is_verified(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """The domain itself or a name below it, in whatever case; an import may not tell its domain."""
    verification = DomainVerification(stack, "Domain", domain_name="Example.com")

    def share(id_: str, name: str | None, verified_by: object = verification) -> None:
        ResourceConfiguration.ip_address(
            stack,
            id_,
            gateway=gateway,
            ip_address="10.20.1.5",
            ports=[22],
            custom_domain_name=name,
            domain_verification=verified_by,  # type: ignore[arg-type]  # ours or an L1 construct
        )

    share("Same", "example.com")
    share("Below", "a.b.example.com.")
    share("L1", "a.example.org", vpclattice.CfnDomainVerification(stack, "Other", domain_name="example.net"))
    for name, message in (
        (
            "myexample.com",
            "custom_domain_name must be 'Example.com', which is verified, or below it, got 'myexample.com'; "
            "give the verification of its own domain",
        ),
        (None, "a domain_verification is for a custom_domain_name, but there is none; give it, too"),
    ):
        with pytest.raises(ArgumentError) as caught:
            share("Refused", name)
        assert str(caught.value) == f"Shop/Refused: {message}"


def test_the_name_follows_from_all_that_replaces_it(stack: cdk.Stack, vpc: Vpc) -> None:
    """Another gateway, the gateway's own successor and another domain name make another one."""
    first, second = (ResourceGateway(stack, name, vpc=vpc) for name in ("First", "Second"))
    successor = ResourceGateway(stack, "Third", vpc=vpc, ipv4_addresses_per_eni=8)

    def name(gateway: ResourceGateway, domain: str | None = None, ports: tuple[int, ...] = (22,)) -> str:
        made = ResourceConfiguration.ip_address(
            stack, "Host", gateway=gateway, ip_address="10.20.1.5", ports=ports, custom_domain_name=domain
        )
        stack.node.try_remove_child("Host")
        return made.resource.name

    assert name(first) == name(first, ports=(22, 80))
    assert name(first).startswith("shop-host-")
    assert len({name(first), name(second), name(successor), name(first, "a.example.com")}) == 4


def test_any_gateway_will_do(stack: cdk.Stack) -> None:
    """One that is imported, of which little is known, and an L1 construct."""
    arn = "arn:aws:vpc-lattice:eu-west-1:111111111111:resourcegateway/rgw-0123456789abcdef0"
    imported = ResourceGateway.from_resource_gateway_arn(stack, "Imported", arn)
    plain = vpclattice.CfnResourceGateway(
        stack, "Plain", name="plain", vpc_identifier="vpc-0123456789abcdef0", subnet_ids=["subnet-0123456789abcdef0"]
    )
    for id_, gateway, expected in (
        ("One", imported, "rgw-0123456789abcdef0"),
        ("Two", plain, {"Fn::GetAtt": ["Plain", "Id"]}),
    ):
        made = ResourceConfiguration.cidrs(stack, id_, gateway=gateway, cidrs=["10.0.0.0/8"], ports=[443])
        assert stack.resolve(made.resource.resource_gateway_id) == expected


def test_an_imported_gateway_is_opened_by_what_is_known_of_it(stack: cdk.Stack, vpc: Vpc) -> None:
    """Its security groups, to its VPC."""
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc, allow_all_outbound=False)
    gateway = ResourceGateway.from_resource_gateway_attributes(
        stack, "Gateway", resource_gateway_id="rgw-0123456789abcdef0", vpc=vpc, security_groups=[group]
    )
    ResourceConfiguration.dns_name(stack, "Web", gateway=gateway, domain_name="web.internal", ports=[443])
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "Shop/Group",
            "SecurityGroupEgress": [
                {
                    "CidrIp": "10.20.0.0/16",
                    "Description": "from 10.20.0.0/16:443",
                    "FromPort": 443,
                    "IpProtocol": "tcp",
                    "ToPort": 443,
                }
            ],
        },
    )


def test_configurations_are_imported(stack: cdk.Stack) -> None:
    """By ARN, id or attributes; a token is an ARN, too."""
    by_arn = ResourceConfiguration.from_resource_configuration_arn(stack, "Arn", ARN)
    assert (by_arn.resource_configuration_arn, by_arn.resource_configuration_id) == (ARN, "rcfg-0123456789abcdef0")
    assert (by_arn.type, by_arn.client_ports) == (None, ())
    by_id = ResourceConfiguration.from_resource_configuration_id(stack, "Id", "rcfg-0123456789abcdef0")
    assert by_id.resource_configuration_id == "rcfg-0123456789abcdef0"
    token = ResourceConfiguration.from_resource_configuration_arn(stack, "Token", cdk.Fn.import_value("Resource"))
    assert stack.resolve(token.resource_configuration_id) == {
        "Fn::Select": [1, {"Fn::Split": ["/", {"Fn::ImportValue": "Resource"}]}]
    }
    known = ResourceConfiguration.from_resource_configuration_attributes(
        stack, "Known", resource_configuration_arn=ARN, type=ResourceType.SINGLE, ports=[443]
    )
    assert known.type is ResourceType.SINGLE
    assert [port.to_string() for port in known.client_ports] == ["443"]


def test_other_services_take_a_configuration(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """EventBridge calls private APIs through it, and Transfer Family reaches private servers."""
    host = ResourceConfiguration.ip_address(stack, "Host", gateway=gateway, ip_address="10.20.1.5", ports=[22])
    events.CfnConnection(stack, "Connection", invocation_connectivity_parameters=host.event_connectivity())
    transfer.CfnConnector(
        stack, "Connector", access_role="arn:aws:iam::111111111111:role/x", egress_config=host.transfer_egress(2222)
    )
    arn = stack.resolve(host.resource_configuration_arn)
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::Events::Connection",
        {"InvocationConnectivityParameters": {"ResourceParameters": {"ResourceConfigurationArn": arn}}},
    )
    template.has_resource_properties(
        "AWS::Transfer::Connector",
        {"EgressConfig": {"VpcLattice": {"ResourceConfigurationArn": arn, "PortNumber": 2222}}},
    )


def test_ours_is_what_aws_cdk_lib_knows_by_its_reference(stack: cdk.Stack, gateway: ResourceGateway) -> None:
    """It takes ours where it wants an IResourceConfigurationRef."""
    host = ResourceConfiguration.ip_address(stack, "Host", gateway=gateway, ip_address="10.20.1.5", ports=[22])
    arn = vpclattice.CfnResourceConfiguration.arn_for_resource_configuration(host)
    assert stack.resolve(arn) == {"Fn::GetAtt": [stack.get_logical_id(host.resource), "Arn"]}
