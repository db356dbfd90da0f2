"""Ports as VPC Lattice takes them."""

import aws_cdk as cdk
import pytest

from constructs_lattice import ArgumentError, Ports
from constructs_lattice.vpc_lattice.port_ranges import as_ports, port_ranges


def test_numbers_and_ranges() -> None:
    """A number is a port of TCP."""
    assert port_ranges(as_ports("Shop/X", [443, Ports.tcp(1, 65_535), Ports.tcp(80)])) == ["443", "1-65535", "80"]


def test_a_port_that_is_there_twice_is_written_once() -> None:
    """Whether as a number or as a range of one."""
    assert port_ranges(as_ports("Shop/X", [443, Ports.tcp(443), 80])) == ["443", "80"]


@pytest.mark.parametrize(
    ("ports", "message"),
    [
        ([], "ports is empty, so nobody could connect; give a port at least"),
        ([Ports.tcp(0, 80)], "ports must be 1 to 65,535, got 0"),
        ([Ports.udp(53)], "ports must be of TCP, which is all that VPC Lattice passes, got udp 53"),
        ([Ports.everything()], "ports must be of TCP, which is all that VPC Lattice passes, got everything"),
    ],
)
def test_other_ports_are_refused(ports: list[int | Ports], message: str) -> None:
    """None at all, the port 0, and other protocols."""
    with pytest.raises(ArgumentError) as caught:
        as_ports("Shop/X", ports)
    assert str(caught.value) == f"Shop/X: {message}"


def test_tokens_pass() -> None:
    """A number that the deployment knows stays one, in the text that it becomes part of."""
    stack = cdk.Stack(cdk.App(), "Shop")
    number = cdk.CfnParameter(stack, "Port", type="Number").value_as_number
    ports = as_ports("Shop/X", [number])  # type: ignore[list-item]  # jsii has floats only
    assert stack.resolve(port_ranges(ports)) == [{"Ref": "Port"}]
