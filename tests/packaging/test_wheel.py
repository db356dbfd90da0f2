"""The built wheel, in the environment of somebody else's CDK app: with the lowest and with the newest aws-cdk-lib."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.packaging

CONSUMER = """
import os

os.environ["CDK_VALIDATION"] = "false"
import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

from constructs_lattice import (
    Action, ApplicationLoadBalancer, HybridNetwork, MicroserviceMesh, MultiTierNetwork, Segment, Service,
    ServiceNetwork, Site, Spoke, Tier, Vpc,
)

app = cdk.App()
stack = cdk.Stack(app, "Consumer")
vpc = Vpc(stack, "Vpc", cidr="10.0.0.0/16", tiers=[Tier.public(), Tier.private("app")])
as_ivpc: ec2.IVpc = vpc
ec2.SecurityGroup(stack, "Group", vpc=as_ivpc)
ApplicationLoadBalancer(stack, "Balancer", vpc=vpc).add_listener("Http")
network = ServiceNetwork(stack, "Network")
network.add_vpc_association("Vpc", vpc=vpc)
service = Service(stack, "Service", service_networks=[network])
service.add_listener("Https", default_action=Action.fixed_response(404))
MultiTierNetwork(stack, "Shop", cidr="10.1.0.0/16")
HybridNetwork(
    stack,
    "Estate",
    segments=[Segment.of("production", Spoke(name="erp", cidr="10.2.0.0/16"))],
    on_premises=["192.168.0.0/16"],
    sites=[Site(name="office", ip_address="203.0.113.10", bgp_asn=65_010)],
)
MicroserviceMesh(stack, "Mesh", vpcs={})
resources = app.synth().get_stack_by_name("Consumer").template["Resources"]
print(len(resources), "resources")
"""


def _run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source tree."""
    output = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", output, ROOT)
    (built,) = output.glob("*.whl")
    return built


@pytest.mark.parametrize(
    "requirements",
    [["aws-cdk-lib==2.262.0", "constructs==10.5.1"], ["aws-cdk-lib==2.275.0", "constructs==10.8.1"]],
    ids=["lowest", "newest"],
)
def test_the_wheel_works_in_another_application(wheel: Path, tmp_path: Path, requirements: list[str]) -> None:
    """Installed without extras, it synthesizes all patterns; type checkers see its types, and mistakes in their use."""
    python = tmp_path / "venv" / "bin" / "python"
    _run(sys.executable, "-m", "venv", tmp_path / "venv")
    _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, *requirements)
    consumer = tmp_path / "consumer.py"
    consumer.write_text(CONSUMER)
    assert _run(python, consumer, cwd=tmp_path).endswith(" resources\n")
    mistaken = tmp_path / "mistaken.py"
    mistaken.write_text("from constructs_lattice import Tier\n\nTier.public(prefix='24')\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, consumer, mistaken],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == (
        'mistaken.py:3: error: Argument "prefix" to "public" of "Tier" has incompatible type "str"; expected '
        '"int | None"  [arg-type]\nFound 1 error in 1 file (checked 2 source files)\n'
    )
