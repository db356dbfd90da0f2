"""`lattice check`, `trace` and `reach`: exit codes, reports, and bad input."""

import json
from pathlib import Path

import pytest

from constructs_lattice.cli.__main__ import main

pytestmark = pytest.mark.pure

CASES = Path(__file__).parents[1] / "reachability" / "cases"
CASE = str(CASES / "001-three-tier-chain" / "case.yaml")
TEMPLATE = str(CASES / "001-three-tier-chain" / "shop.template.yaml")


@pytest.fixture
def broken(tmp_path: Path) -> str:
    """A file with one guarantee that holds, and one that does not."""
    path = tmp_path / "guarantees.yaml"
    path.write_text(
        "guarantees:\n"
        "  - {id: open, from: internet, to: shop.Web, port: 443, expect: reachable}\n"
        "  - {id: closed, from: internet, to: shop.Web, port: 443, expect: unreachable, why: nobody comes in}\n"
    )
    return str(path)


def test_guarantees_of_a_target_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """A file with stacks may have guarantees as well."""
    assert main(["check", CASE]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "all 7 guarantees hold"


def test_a_broken_guarantee_is_exit_code_one(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The report shows the packet that gets through."""
    assert main(["check", TEMPLATE, "--guarantees", broken]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "open: holds",
        "closed: BROKEN",
        "  internet to shop.Web, tcp 443: expected unreachable, got reachable",
        "  meant: nobody comes in",
        "  packet: tcp 8.8.8.8:1024 to 10.0.0.0:443",
        "  -> shop.Igw: enters from the internet",
        "  -> shop.Web: takes it, shop.WebGroup lets it in",
        "  <- shop.PublicRouteTable: sends 0.0.0.0/0 to internet gateway shop.Igw",
        "  <- shop.Igw: leaves to the internet",
        "1 of 2 guarantees do not hold",
    ]


def test_a_file_gives_parameters_and_the_command_line_has_the_last_word(tmp_path: Path) -> None:
    """`--parameter` takes the place of what the file says."""
    (tmp_path / "S.yaml").write_text(
        "Parameters: {Office: {Type: String}}\n"
        "Resources:\n"
        "  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"
        "  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}\n"
        "  Group:\n"
        "    Type: AWS::EC2::SecurityGroup\n"
        "    Properties:\n"
        "      GroupDescription: web\n"
        "      VpcId: !Ref Vpc\n"
        "      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Office}]\n"
        "  Web: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group]}}\n"
    )
    guarantees = tmp_path / "guarantees.yaml"
    guarantees.write_text(
        "parameters: {S.Office: 10.0.0.0/24}\n"
        "guarantees: [{id: office, from: 'ip:10.0.0.7', to: S.Web, port: 22, expect: reachable}]\n"
    )
    command = ["check", str(tmp_path / "S.yaml"), "--guarantees", str(guarantees)]
    assert main(command) == 0
    assert main([*command, "--parameter", "S.Office=10.9.0.0/24"]) == 1


def test_the_report_as_json(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One object with the results."""
    assert main(["check", TEMPLATE, "--guarantees", broken, "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"results"}
    assert [set(each) for each in report["results"]] == [
        {"id", "expect", "verdict", "holds", "reasons", "hops", "assumptions"}
    ] * 2
    assert [each["holds"] for each in report["results"]] == [True, False]


def test_the_report_as_sarif(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What does not hold is a result, at the file that guarantees it."""
    assert main(["check", TEMPLATE, "--guarantees", broken, "--format", "sarif"]) == 1
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("closed", "error")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == Path(broken).as_posix()
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["closed", "open"]


def test_a_trace_is_the_way_and_the_way_back(capsys: pytest.CaptureFixture[str]) -> None:
    """With the assumptions that it rests on."""
    assert main(["trace", CASE, "--from", "internet", "--to", "Shop.Web", "--port", "443"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "reachable: tcp 8.8.8.8:1024 to 10.0.0.0:443",
        "   1  Shop.Igw  enters from the internet",
        "   2  Shop.Web  takes it, Shop.WebGroup lets it in",
        "answers",
        "   1  Shop.PublicRouteTable  sends 0.0.0.0/0 to internet gateway Shop.Igw",
        "   2  Shop.Igw               leaves to the internet",
        "assuming",
        "  ASSUME-BPA: no declarative policy of an organization blocks public access to VPCs",
    ]


def test_a_trace_says_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    """As far as packets get, and the rule that blocks, with AWS's own word for it."""
    assert main(["trace", CASE, "--from", "Shop.Web", "--to", "Shop.Db", "--port", "5432"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "unreachable",
        "   1  Shop.PublicRouteTable  delivers it within the VPC",
        "   2  Shop.Db                arrives",
        "blocked",
        "  Shop.DataGroup: no inbound rule allows tcp 5432 [SG-1 ENI_SG_RULES_MISMATCH]",
    ]


def test_what_is_reached(capsys: pytest.CaptureFixture[str]) -> None:
    """A table."""
    assert main(["reach", CASE, "--from", "internet"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "reaches   protocol  ports",
        "Shop.Web  tcp       443",
    ]
    assert main(["reach", CASE, "--from", "onprem:192.168.0.0/16"]) == 0
    assert capsys.readouterr().out == "onprem:192.168.0.0/16 reaches nothing\n"


def test_who_reaches_something(capsys: pytest.CaptureFixture[str]) -> None:
    """The same table from the other side."""
    assert main(["reach", CASE, "--to", "Shop.App"]) == 0
    assert capsys.readouterr().out.splitlines() == ["reached by  protocol  ports", "Shop.Web    tcp       8080"]
    assert main(["reach", CASE, "--to", "onprem:192.168.0.0/16"]) == 0
    assert capsys.readouterr().out == "nobody reaches onprem:192.168.0.0/16\n"


BAD = {
    "no such file": (["check", "nowhere.yaml"], "error: nowhere.yaml: there is no such file"),
    "no guarantees": (
        ["check", TEMPLATE],
        "error: there are no guarantees to check; name a file of them with --guarantees",
    ),
    "no such end": (
        ["trace", CASE, "--from", "Shop.Wbe", "--to", "Shop.Db"],
        "error: guarantee 'trace': there is no resource 'Shop.Wbe', did you mean 'Shop.Web'",
    ),
    "neither end": (["reach", CASE], "error: reach: say either --from or --to; lattice trace takes both\n"),
    "both ends": (
        ["reach", CASE, "--from", "internet", "--to", "Shop.Web"],
        "error: reach: say either --from or --to; lattice trace takes both\n",
    ),
    "a parameter without a value": (
        ["reach", CASE, "--from", "internet", "--parameter", "AmiId"],
        "error: --parameter: write Name=value or Stack.Name=value, got 'AmiId'",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_exit_code_two(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With one sentence, and no trace of the program."""
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith(message)


def test_a_command_that_is_none_is_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    """With the nearest one."""
    assert main(["chek", CASE]) == 2
    assert "No such command 'chek'. Did you mean" in capsys.readouterr().err


NETWORK = "Resources:\n  A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: CIDR}}\n"
WRONG = {
    "broken.json": ('{"Resources": {', "error: {path} is not JSON: "),
    "broken.yaml": ("Resources: [", "error: {path} is not YAML: "),
    "circle.yaml": (
        "Resources:\n  A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !GetAtt B.CidrBlock}}\n"
        "  B: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !GetAtt A.CidrBlock}}\n",
        "error: {path}: circular reference: circle.Resources.A.Properties.CidrBlock → ",
    ),
    "block.yaml": (
        NETWORK.replace("CIDR", "10.0.0.0/33"),
        "error: {path}:2: block.A: '10.0.0.0/33' is not a CIDR block\n",
    ),
    "nothing.yaml": ("Resources:\n  A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref B}}\n", "error: {path}:2: "),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("command", [["reach", "--from", "internet"], ["audit"], ["trace", "--from", "a", "--to", "b"]])
def test_a_template_that_is_wrong_is_exit_code_two(
    name: str, command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the file, and the line or the place; on one line, and no trace of the program."""
    text, message = WRONG[name]
    path = tmp_path / name
    path.write_text(text)
    assert main([command[0], str(path), *command[1:]]) == 2
    error = capsys.readouterr().err
    assert error.startswith(message.format(path=path))
    assert "Traceback" not in error


def test_a_nested_template_that_is_missing_is_exit_code_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An assembly names its files."""
    manifest = {
        "version": "41.0.0",
        "artifacts": {
            "Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}},
        },
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert main(["reach", str(tmp_path), "--from", "internet"]) == 2
    assert capsys.readouterr().err == (
        f"error: {tmp_path / 'Shop.template.json'}: there is no such file; "
        f"{tmp_path / 'manifest.json'} names it as the template of Shop; run cdk synth again\n"
    )


def test_a_large_template_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One megabyte is the most that CloudFormation takes."""
    rules = [{"IpProtocol": "tcp", "FromPort": each, "ToPort": each, "CidrIp": "10.0.0.0/8"} for each in range(60)]
    groups = {
        f"Group{each}": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"GroupDescription": "g", "VpcId": {"Ref": "Vpc"}, "SecurityGroupIngress": rules},
        }
        for each in range(220)
    }
    vpc = {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}}
    path = tmp_path / "large.json"
    path.write_text(json.dumps({"Resources": {**vpc, **groups}}))
    assert path.stat().st_size > 1_000_000
    assert main(["reach", str(path), "--from", "internet"]) == 0
    assert capsys.readouterr().out == "internet reaches nothing\n"


_OPEN = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}},
    "A": {"Type": "AWS::EC2::Instance", "Properties": {"SubnetId": {"Ref": "Subnet"}}},
    "B": {"Type": "AWS::EC2::Instance", "Properties": {"SubnetId": {"Ref": "Subnet"}}},
}


def test_two_templates_are_versions_of_one_stack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever their files are called: otherwise everything would close, and open again."""
    for name in ("old", "new"):
        (tmp_path / f"{name}.template.json").write_text(json.dumps({"Resources": _OPEN}))
    old, new = (str(tmp_path / f"{name}.template.json") for name in ("old", "new"))
    assert main(["diff", old, new]) == 0
    assert capsys.readouterr().out == "no flow opens or closes, and nothing is replaced\n"


def test_a_logical_id_alone_is_not_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message has the name with its stack."""
    path = tmp_path / "net.template.json"
    path.write_text(json.dumps({"Resources": _OPEN}))
    assert main(["trace", str(path), "--from", "A", "--to", "net.B"]) == 2
    error = "error: guarantee 'trace': there is no resource 'A', did you mean 'net.A'?\n"
    assert capsys.readouterr().err == error


def test_a_template_is_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only cloud assemblies are."""
    path = tmp_path / "net.template.json"
    path.write_text(json.dumps({"Resources": _OPEN}))
    assert main(["show", str(path)]) == 2
    error = f"error: {path} is a file; show takes the directory of a cloud assembly, such as cdk.out\n"
    assert capsys.readouterr().err == error
