"""Nested stacks, and cloud assemblies with stages."""

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import Reference, ResourceId, Unknown, load

pytestmark = pytest.mark.pure

HASH = "2941bb43ae8ad86814b634bf725deaabcccb0a88678b2fc3ae22880dac83d914"


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=1))


def _stack(template: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111111111111/eu-west-1",
        "properties": {"templateFile": template},
        **more,
    }


NESTED = {
    "Parameters": {"Block": {"Type": "String", "Default": "10.9.0.0/16"}, "Other": {"Type": "String", "Default": "x"}},
    "Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Ref": "Block"}}}},
    "Outputs": {"VpcId": {"Value": {"Ref": "Vpc"}}},
}


def _parent(url: Any, **metadata: str) -> dict[str, Any]:
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": url, "Parameters": {"Block": {"Ref": "Base"}}},
        "Metadata": metadata,
    }
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": {"Fn::GetAtt": ["Net", "Outputs.VpcId"]}}}
    return {
        "Parameters": {"Base": {"Type": "String", "Default": "10.1.0.0/16"}},
        "Resources": {"Net": nested, "Group": group},
    }


URL = {
    "Fn::Join": [
        "",
        [
            "https://s3.eu-west-1.",
            {"Ref": "AWS::URLSuffix"},
            "/",
            {"Fn::Sub": f"cdk-hnb659fds-assets-${{AWS::AccountId}}-eu-west-1/{HASH}.json"},
        ],
    ]
}
METADATA = {
    "/Shop/Group/Resource": [{"type": "aws:cdk:logicalId", "data": "Group"}],
    "/Shop/Net.NestedStack/Net.NestedStackResource": [{"type": "aws:cdk:logicalId", "data": "Net"}],
    "/Shop/Net/Vpc/Resource": [
        {"type": "aws:cdk:creationStack", "data": ["x"]},
        {"type": "aws:cdk:logicalId", "data": "Vpc"},
    ],
}


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    """A stack with a nested one that is found through the assets, and a stage with a stack without a place."""
    assets = {
        "files": {
            HASH: {"source": {"path": "Net.nested.template.json"}, "destinations": {"d": {"objectKey": f"{HASH}.json"}}}
        }
    }
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    _write(
        tmp_path / "manifest.json",
        {
            "artifacts": {
                "Prod": stage,
                "Shop.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}},
                "Shop": _stack("Shop.template.json", additionalMetadataFile="Shop.metadata.json"),
            }
        },
    )
    _write(tmp_path / "Shop.assets.json", assets)
    _write(tmp_path / "Shop.metadata.json", METADATA)
    _write(tmp_path / "Shop.template.json", _parent(URL))
    _write(tmp_path / "Net.nested.template.json", NESTED)
    prod = _stack("Prod.template.json", environment="aws://unknown-account/unknown-region")
    prod["properties"]["stackName"] = "Shop"
    _write(tmp_path / "assembly-Prod" / "manifest.json", {"artifacts": {"ProdShop": prod}})
    _write(tmp_path / "assembly-Prod" / "Prod.template.json", NESTED)
    return tmp_path


def test_an_assembly_has_its_stages_and_its_nested_stacks(assembly: Path) -> None:
    """Stacks of one name are told apart by the ids of the manifest; nested ones get values and give them."""
    ((_, estate),) = load(assembly).cases()
    assert [(each.name, each.region) for each in estate.deployments] == [
        ("ProdShop", Unknown("the region of ProdShop is not given", "AWS::Region")),
        ("Shop", "eu-west-1"),
        ("Shop/Net", "eu-west-1"),
    ]
    assert estate.find("Shop/Net.Vpc").get("CidrBlock") == "10.1.0.0/16"
    assert estate.find("ProdShop.Vpc").get("CidrBlock") == "10.9.0.0/16"
    assert estate.find("Shop.Group").get("VpcId") == Reference(ResourceId("Shop/Net", "Vpc"))
    assert estate.deployments[2].outputs == {"VpcId": Reference(ResourceId("Shop/Net", "Vpc"))}
    assert estate.find("Shop/Net.Vpc").where == f"{assembly}/Net.nested.template.json:13"


def test_construct_paths_come_from_the_manifest(assembly: Path) -> None:
    """Where the templates do not have them, as when an application synthesizes itself."""
    ((_, estate),) = load(assembly).cases()
    assert estate.find("Shop/Net/Vpc").id == ResourceId("Shop/Net", "Vpc")
    assert estate.find("Shop/Group").path == "Shop/Group/Resource"
    assert estate.find("ProdShop.Vpc").path == ""


def test_the_metadata_of_the_command_line_names_the_template(tmp_path: Path) -> None:
    """`aws:asset:path` of the nested stack."""
    _write(tmp_path / "Shop.json", _parent({"Ref": "Base"}, **{"aws:asset:path": "net.json"}))
    _write(tmp_path / "net.json", NESTED)
    ((_, estate),) = load(tmp_path / "Shop.json").cases()
    assert estate.find("Shop/Net.Vpc").get("CidrBlock") == "10.1.0.0/16"


@pytest.mark.parametrize("url", ["net.json", "./net.json", "https://bucket.s3.amazonaws.com/some/net.json"])
def test_a_nested_template_is_a_file_beside_the_one_that_names_it(tmp_path: Path, url: str) -> None:
    """By its path, or by the name at the end of an address; that it is the same one is an assumption."""
    _write(tmp_path / "Shop.json", _parent(url))
    _write(tmp_path / "net.json", NESTED)
    ((_, estate),) = load(tmp_path / "Shop.json").cases()
    assert estate.find("Shop/Net.Vpc").get("CidrBlock") == "10.1.0.0/16"
    assumed = f"the template of Shop/Net at {url} is that in {tmp_path}/net.json"
    assert estate.assumptions == ((assumed,) if "://" in url else ())


def test_a_nested_template_that_is_elsewhere_is_unknown(tmp_path: Path) -> None:
    """An address that no file here answers to."""
    _write(tmp_path / "Shop.json", _parent("https://bucket.s3.amazonaws.com/some/net.json"))
    ((_, estate),) = load(tmp_path / "Shop.json").cases()
    assert estate.find("Shop.Group").get("VpcId") == Unknown(
        "the template of the nested stack Shop/Net is not here", "output:Shop/Net.VpcId"
    )


def test_a_nested_stack_under_a_condition_brings_its_resources_with_it(tmp_path: Path) -> None:
    """They exist when it does, and are in doubt when it is."""
    parent = _parent("net.json")
    del parent["Resources"]["Group"]
    parent["Parameters"]["Wanted"] = {"Type": "String"}
    parent["Conditions"] = {"IsWanted": {"Fn::Equals": [{"Ref": "Wanted"}, "yes"]}}
    parent["Resources"]["Net"]["Condition"] = "IsWanted"
    _write(tmp_path / "Shop.json", parent)
    _write(tmp_path / "net.json", NESTED)
    with_, without = load(tmp_path / "Shop.json").cases()
    assert [str(each) for each in with_.estate.resources] == ["Shop.Net", "Shop/Net.Vpc"]
    assert list(without.estate.resources) == []
    assert [each.name for each in without.estate.deployments] == ["Shop"]
    ((_, estate),) = load(tmp_path / "Shop.json").cases(most=1)
    assert estate.find("Shop/Net.Vpc").doubt == Unknown(
        "whether Shop/Net.Vpc exists is not known: parameter Wanted of Shop has no value and no default"
    )


def test_a_macro_may_change_what_a_nested_stack_is_given(tmp_path: Path) -> None:
    """The parameters are in the template that it rewrites."""
    _write(tmp_path / "Shop.json", {**_parent("net.json"), "Transform": "Mine"})
    _write(tmp_path / "net.json", NESTED)
    ((_, estate),) = load(tmp_path / "Shop.json").cases()
    assert estate.find("Shop/Net.Vpc").get("CidrBlock") == Unknown("the macro Mine may rewrite Shop.Net")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"Parameters": {"Blok": "x"}},
            "{0}/Shop.json:9: Resources.Net.Properties.Parameters: 'Blok' is not a parameter of the nested stack "
            "Shop/Net, did you mean 'Block'?",
        ),
        (
            {"TemplateURL": "gone.json"},
            "{0}/gone.json: there is no such file; {0}/Shop.json:9 names it as the template of Shop/Net",
        ),
        ({"TemplateURL": "Shop.json"}, "{0}/Shop.json: the stack Shop{1} is nested more than 16 levels deep"),
    ],
)
def test_a_nested_stack_that_is_wrong_is_an_error(tmp_path: Path, change: Any, message: str) -> None:
    """A parameter that it does not have, a file that is missing, and a stack in itself."""
    parent = _parent("net.json")
    parent["Resources"]["Net"]["Properties"] |= change
    _write(tmp_path / "Shop.json", parent)
    _write(tmp_path / "net.json", NESTED)
    with pytest.raises(TemplateError) as caught:
        load(tmp_path / "Shop.json").cases()
    assert str(caught.value) == message.format(tmp_path, "/Net" * 17)


def test_an_output_that_a_nested_stack_does_not_have_is_an_error(tmp_path: Path) -> None:
    """With the place that asks for it."""
    _write(tmp_path / "Shop.json", _parent("net.json"))
    _write(tmp_path / "net.json", {**NESTED, "Outputs": {}})
    with pytest.raises(TemplateError) as caught:
        load(tmp_path / "Shop.json").cases()
    assert str(caught.value) == (
        f"{tmp_path}/Shop.json:21: Resources.Group.Properties.VpcId.Fn::GetAtt: "
        "the nested stack Shop/Net has no output 'VpcId'"
    )


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ({"artifacts": []}, "artifacts must be an object, got list"),
        ({"artifacts": {"A": []}}, "A must be an object, got list"),
        (
            {"artifacts": {"A": {"type": "aws:cloudformation:stack"}}},
            "artifacts.A.properties.templateFile must be text, got None; run cdk synth again",
        ),
        (
            {"artifacts": {"A": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}}},
            "the assembly holds itself",
        ),
    ],
)
def test_a_manifest_that_is_wrong_is_an_error(tmp_path: Path, manifest: Any, message: str) -> None:
    """The message begins with its path."""
    _write(tmp_path / "manifest.json", manifest)
    with pytest.raises(TemplateError) as caught:
        load(tmp_path)
    where, _, text = str(caught.value).partition(": ")
    assert (Path(where).resolve(), text) == (tmp_path / "manifest.json", message)
