"""RES-5, RES-6 and RES-7: zones, blocks that AWS chooses, endpoints of firewalls, what only the deployment knows."""

import pytest

from constructs_lattice.templates import Text, Unknown, Value
from tests.templates.stacks import cases, estate, reference, stack, value

pytestmark = pytest.mark.pure


def _zone(expression: str, region: str | None = "eu-west-1", account: str | None = "111111111111") -> str:
    found = value(expression, region=region, account=account)
    assert isinstance(found, Unknown)
    return found.symbol


def test_a_zone_is_a_symbol_of_its_region_account_and_place_in_the_list() -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html."""
    first = _zone("!Select [0, !GetAZs '']")
    assert first == "zone:111111111111:eu-west-1:0"
    assert first == _zone("!Select ['0', !GetAZs eu-west-1]")
    assert first == _zone("!Select [0, !GetAZs {Ref: AWS::Region}]")
    assert first != _zone("!Select [1, !GetAZs '']")
    assert first != _zone("!Select [0, !GetAZs us-east-1]")
    assert first != _zone("!Select [0, !GetAZs '']", account="222222222222")
    assert _zone("!Select [0, !GetAZs '']", region=None, account=None) == "zone:${AWS::AccountId}:${AWS::Region}:0"


def test_how_many_zones_there_are_is_unknown() -> None:
    """And so is their list."""
    reason = "the zones of eu-west-1 in the account 111111111111 are known to AWS only"
    assert value("!GetAZs ''") == Unknown(reason, "zones:111111111111:eu-west-1")
    assert value("{'Fn::Length': !GetAZs ''}") == Unknown(reason, "Fn::Length(${zones:111111111111:eu-west-1})")


BLOCKS = """
Resources:
  Pool: {Type: AWS::EC2::IPAMPool, Properties: {AddressFamily: ipv4, AllocationDefaultNetmaskLength: 20}}
  A: {Type: AWS::EC2::VPC, Properties: {Ipv4IpamPoolId: ipam-pool-1, Ipv4NetmaskLength: 16}}
  B: {Type: AWS::EC2::VPC, Properties: {Ipv4IpamPoolId: !Ref Pool}}
  C: {Type: AWS::EC2::VPC, Properties: {Ipv4IpamPoolId: ipam-pool-1}}
  Six: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref A, AmazonProvidedIpv6CidrBlock: true}}
  Own: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref B, Ipv6CidrBlock: '2001:db8::/56', Ipv6Pool: ipv6pool-1}}
  Ipam: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref C, Ipv6IpamPoolId: p, Ipv6NetmaskLength: 52}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref A
      CidrBlock: !Select [3, !Cidr [!GetAtt A.CidrBlock, 4, 8]]
      Ipv6CidrBlock: !Select [2, !Cidr [!Select [0, !GetAtt A.Ipv6CidrBlocks], 4, 64]]
  FromPool: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref A, Ipv4IpamPoolId: pool-2, Ipv4NetmaskLength: 24}}
  Probe: {Type: X::Y::Z, Properties: {B: !GetAtt B.Ipv6CidrBlocks, C: !GetAtt C.Ipv6CidrBlocks, None: !GetAtt A.Other}}
"""


def test_a_block_that_aws_chooses_has_a_placeholder() -> None:
    """Its size is right, and what is cut out of it lies in it.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    """
    found = estate(stack(BLOCKS))
    assert found.find("Shop.A").get("CidrBlock") == "0.1.0.0/16"
    assert found.find("Shop.B").get("CidrBlock") == "0.2.0.0/20"
    assert found.find("Shop.Six").get("Ipv6CidrBlock") == "5f00::/56"
    assert found.find("Shop.Subnet").get("CidrBlock") == "0.1.3.0/24"
    assert found.find("Shop.Subnet").get("Ipv6CidrBlock") == "5f00:0:0:2::/64"
    assert found.find("Shop.Ipam").get("Ipv6CidrBlock") == "5f00:0:0:1000::/52"
    assert {block: each.reason for block, each in found.placeholders.items()} == {
        "0.1.0.0/16": "IPAM chooses the CidrBlock of Shop.A",
        "0.2.0.0/20": "IPAM chooses the CidrBlock of Shop.B",
        "5f00::/56": "Amazon chooses the Ipv6CidrBlock of Shop.Six",
        "5f00:0:0:1000::/52": "IPAM chooses the Ipv6CidrBlock of Shop.Ipam",
    }


def test_a_block_that_the_template_says_is_no_placeholder() -> None:
    """Brought addresses stay as they are."""
    found = estate(stack(BLOCKS))
    assert found.find("Shop.Own").get("Ipv6CidrBlock") == "2001:db8::/56"
    assert found.find("Shop.Probe").get("B") == ["2001:db8::/56"]
    assert found.find("Shop.Probe").get("C") == ["5f00:0:0:1000::/52"]


def test_a_block_of_unknown_size_or_place_is_unknown() -> None:
    """A pool's own default is not here; where a pool puts a subnet is not known."""
    found = estate(stack(BLOCKS))
    assert found.find("Shop.C").get("CidrBlock") == Unknown(
        "IPAM chooses the CidrBlock of Shop.C", "block:Shop.C.CidrBlock"
    )
    assert found.find("Shop.FromPool").get("CidrBlock") == Unknown(
        "IPAM chooses the CidrBlock of Shop.FromPool", "block:Shop.FromPool.CidrBlock"
    )


def test_the_order_of_several_ipv6_blocks_is_unknown() -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html."""
    more = "  More: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref A, AmazonProvidedIpv6CidrBlock: 'true'}}\n"
    found = estate(stack(BLOCKS + more))
    reason = "in which order Shop.A lists its IPv6 blocks is not known"
    assert found.find("Shop.More").get("Ipv6CidrBlock") == "5f00:0:0:2000::/56"
    assert found.find("Shop.Subnet").get("Ipv6CidrBlock") == Unknown(reason)


def test_placeholders_end_where_their_room_ends() -> None:
    """There are 255 of a /16; the next block is unknown."""
    vpcs = "".join(
        f"  V{each}: {{Type: AWS::EC2::VPC, Properties: {{Ipv4IpamPoolId: p, Ipv4NetmaskLength: '16'}}}}\n"
        for each in range(256)
    )
    found = estate(stack(f"Resources:\n{vpcs}"))
    assert found.find("Shop.V254").get("CidrBlock") == "0.255.0.0/16"
    assert found.find("Shop.V255").get("CidrBlock") == Unknown(
        "IPAM chooses the CidrBlock of Shop.V255", "block:Shop.V255.CidrBlock"
    )


FIREWALL = """
Resources:
  Wall: {Type: AWS::NetworkFirewall::Firewall, Properties: {FirewallName: wall}}
  Probe: {Type: X::Y::Z, Properties: {P: EXPRESSION}}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!GetAtt Wall.EndpointIds", reference("Wall", "EndpointIds")),
        ("!Select [0, !GetAtt Wall.EndpointIds]", reference("Wall", "EndpointIds.0")),
        ("!Select [1, !Split [':', !Select ['1', !GetAtt Wall.EndpointIds]]]", reference("Wall", "EndpointIds.1")),
        (
            "!Select [0, !Split [',', !Select [1, !Split ['eu-west-1b:', !Join [',', !GetAtt Wall.EndpointIds]]]]]",
            reference("Wall", "EndpointIds.eu-west-1b"),
        ),
        (
            "{'Fn::Select': ['0', {'Fn::Split': [',', {'Fn::Select': ['1', {'Fn::Split': ['eu-west-1b:', "
            "{'Fn::Join': [',', {'Fn::GetAtt': [Wall, EndpointIds]}]}]}]}]}]}",
            reference("Wall", "EndpointIds.eu-west-1b"),
        ),
    ],
)
def test_an_endpoint_of_a_firewall_is_a_part_of_it(expression: str, expected: Value) -> None:
    """By its place in the list, or by the zone before it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-networkfirewall-firewall.html
    """
    found = estate(stack(FIREWALL.replace("EXPRESSION", expression)))
    endpoint = found.find("Shop.Probe").get("P")
    assert endpoint == expected
    wanted = None if expression.startswith("!GetAtt") else found.find("Shop.Wall")
    assert found.identify(endpoint) is wanted


def test_what_a_custom_resource_returns_is_unknown() -> None:
    """The same attribute is the same thing, wherever it is asked for."""
    text = """
    Resources:
      Mine: {Type: Custom::Lookup}
      Old: {Type: AWS::CloudFormation::CustomResource}
      Probe: {Type: X::Y::Z, Properties: {P: !GetAtt Mine.Cidr, Q: !Sub '${Mine.Cidr}', R: !GetAtt Old.Cidr}}
    """
    probe = estate(stack(text)).find("Shop.Probe")
    expected = Unknown(
        "the attribute Cidr of the custom resource Shop.Mine is what its code returns", "attribute:Shop.Mine.Cidr"
    )
    assert probe.get("P") == probe.get("Q") == expected
    assert probe.get("R") == Unknown(
        "the attribute Cidr of the custom resource Shop.Old is what its code returns",
        "attribute:Shop.Old.Cidr",
    )


def test_a_text_with_something_unknown_in_it_keeps_what_is_known() -> None:
    """An ARN in an account that is not given is still the ARN of that user."""
    expected = Text(("arn:aws:iam::", Unknown("the account of Shop is not given", "AWS::AccountId"), ":user/x"))
    assert value("!Sub 'arn:aws:iam::${AWS::AccountId}:user/x'", account=None) == expected


def test_the_template_of_a_nested_stack_that_is_not_here() -> None:
    """Its outputs are unknown, and that it adds nothing is an assumption."""
    text = """
    Resources:
      Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://example.com/net.yaml'}}
      Probe: {Type: X::Y::Z, Properties: {P: !GetAtt Net.Outputs.VpcId, Q: !Ref Net}}
    """
    ((assumed, found),) = cases(stack(text))
    assert assumed == ""
    assert found.find("Shop.Probe").properties == {
        "P": Unknown("the template of the nested stack Shop/Net is not here", "output:Shop/Net.VpcId"),
        "Q": reference("Net"),
    }
    assert found.assumptions == ("the nested stack Shop/Net, whose template is not here, adds no resources",)
