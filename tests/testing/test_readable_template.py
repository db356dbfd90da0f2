"""Templates as text that a reviewer can read."""

import pytest

from constructs_lattice.testing import readable_template

pytestmark = pytest.mark.pure


def test_types_come_first_and_intrinsics_are_short() -> None:
    """`Type` leads, references read as one would write them by hand."""
    template = {
        "Resources": {
            "Table": {
                "Properties": {
                    "VpcId": {"Ref": "Vpc"},
                    "Cidr": {"Fn::GetAtt": ["Vpc", "CidrBlock"]},
                    "Zone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
                    "Name": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":", {"Fn::GetAtt": ["A", "B"]}]]},
                    "Blocks": {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 4, "8"]},
                    "Imported": {"Fn::ImportValue": {"Ref": "Name"}},
                    "Listed": {"Fn::Join": [",", [{"Ref": "A"}, "b"]]},
                    "Tags": [{"Key": "Name", "Value": "x"}],
                },
                "Type": "AWS::EC2::RouteTable",
            }
        }
    }
    assert readable_template(template) == (
        "Resources:\n"
        "  Table:\n"
        "    Type: AWS::EC2::RouteTable\n"
        "    Properties:\n"
        "      VpcId: !Ref Vpc\n"
        "      Cidr: !GetAtt Vpc.CidrBlock\n"
        "      Zone: !Select [0, !GetAZs '']\n"
        "      Name: !Sub 'arn:${AWS::Partition}:${A.B}'\n"
        "      Blocks: !Cidr [!GetAtt Vpc.CidrBlock, 4, '8']\n"
        "      Imported: !ImportValue\n"
        "        Ref: Name\n"
        "      Listed: !Join\n"
        "        - ','\n"
        "        - - !Ref A\n"
        "          - b\n"
        "      Tags: [{Key: Name, Value: x}]\n"
    )


def test_what_every_template_has_is_left_out() -> None:
    """Bootstrap version, CDK metadata and construct paths say nothing about the network."""
    template = {
        "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>"}},
        "Rules": {"CheckBootstrapVersion": {"Assertions": []}},
        "Conditions": {"CDKMetadataAvailable": {"Fn::Or": []}},
        "Resources": {
            "CDKMetadata": {"Type": "AWS::CDK::Metadata"},
            "Vpc": {"Type": "AWS::EC2::VPC", "Metadata": {"aws:cdk:path": "Shop/Vpc", "Note": "kept"}},
        },
    }
    assert readable_template(template) == (
        "Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\n    Metadata:\n      Note: kept\n"
    )


def test_asset_hashes_do_not_show() -> None:
    """A new version of the CDK changes them, the network does not."""
    text = readable_template({"Outputs": {"Code": {"Value": f"{'0a' * 32}.zip"}}})
    assert text == "Outputs:\n  Code:\n    Value: <asset hash>.zip\n"


def test_a_join_that_is_no_substitution_stays_a_join() -> None:
    """Text with a dollar brace of its own must not be taken for a reference."""
    text = readable_template({"Outputs": {"Policy": {"Value": {"Fn::Join": ["", ["${aws:username}", {"Ref": "A"}]]}}}})
    assert text == "Outputs:\n  Policy:\n    Value: !Join\n      - ''\n      - - ${aws:username}\n        - !Ref A\n"
