"""What records of flow logs say, and the columns of the tables that read them."""

from typing import Any

import pytest

from constructs_lattice import ArgumentError, FlowLogField, FlowLogFormat, FlowLogPartitions

DEFAULT = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
)


def _names(format_: FlowLogFormat) -> str:
    return " ".join(str(field) for field in format_.fields)


def test_the_default_is_what_aws_records_unasked() -> None:
    """Nothing needs to be said for it, however it was come by."""
    for format_ in (
        FlowLogFormat.default(),
        FlowLogFormat.up_to_version(2),
        FlowLogFormat.of(*FlowLogFormat.default().fields),
    ):
        assert _names(format_) == DEFAULT
        assert format_.log_format is None
        assert format_.version == 2


def test_fields_are_recorded_in_their_order() -> None:
    """As CloudFormation takes them."""
    format_ = FlowLogFormat.of(FlowLogField.PKT_SRC_ADDR, FlowLogField.SRC_ADDR, FlowLogField.FLOW_DIRECTION)
    assert format_.log_format == "${pkt-srcaddr} ${srcaddr} ${flow-direction}"
    assert format_.version == 5


@pytest.mark.parametrize(
    ("version", "count", "last"),
    [
        (2, 14, "log-status"),
        (3, 21, "pkt-dstaddr"),
        (4, 25, "sublocation-id"),
        (5, 29, "traffic-path"),
        # Version 6 is of transit gateways.
        (6, 29, "traffic-path"),
        (7, 39, "ecs-task-id"),
        (8, 40, "reject-reason"),
        (9, 41, "resource-id"),
        (10, 42, "encryption-status"),
        (11, 48, "next-hop-interface-type"),
    ],
)
def test_versions_add_fields(version: int, count: int, last: str) -> None:
    """All of a version, in AWS's order; those of tags wait for their keys."""
    format_ = FlowLogFormat.up_to_version(version)
    assert len(format_.fields) == count
    assert format_.fields[-1] == last
    assert not {"instance-tag", "interface-tag", "asg-tag"} & set(format_.fields)


def test_more_fields_come_last() -> None:
    """What is there already stays where it is."""
    format_ = FlowLogFormat.default().plus(FlowLogField.VPC_ID, FlowLogField.ACTION)
    assert _names(format_) == f"{DEFAULT} vpc-id"


def test_sets_for_a_purpose_begin_with_the_default() -> None:
    """And tell the addresses of packets, and where they went."""
    lattice, firewall = FlowLogFormat.for_lattice(), FlowLogFormat.for_firewall()
    more = "vpc-id subnet-id az-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr flow-direction traffic-path"
    assert _names(lattice) == f"{DEFAULT} {more}"
    assert lattice.version == 5
    assert _names(firewall) == (
        f"{_names(lattice)} reject-reason interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id "
        "next-hop-interface-type"
    )
    assert firewall.version == 11


def test_values_of_tags_are_asked_for_by_their_keys() -> None:
    """Their fields come last, unless they are named at another place."""
    format_ = FlowLogFormat.of(
        FlowLogField.INSTANCE_TAG,
        FlowLogField.SRC_ADDR,
        instance_tags=["team", "stage"],
        auto_scaling_group_tags=["team"],
    )
    assert _names(format_) == "instance-tag srcaddr instance-tag-2 asg-tag"
    assert format_.tag_field_specifications == [
        {"ResourceType": "instance", "TagKeys": ["team", "stage"]},
        {"ResourceType": "auto-scaling-group", "TagKeys": ["team"]},
    ]


def test_tags_can_be_added() -> None:
    """To those that there are."""
    format_ = FlowLogFormat.of(FlowLogField.SRC_ADDR, interface_tags=["team"])
    format_ = format_.plus(FlowLogField.BYTES, interface_tags=["team", "stage"])
    assert _names(format_) == "srcaddr interface-tag bytes interface-tag-2"
    assert format_.interface_tags == ("team", "stage")


def test_columns_follow_the_fields() -> None:
    """Under names that SQL takes, with the types of Parquet."""
    format_ = FlowLogFormat.of(
        FlowLogField.VERSION,
        FlowLogField.ACCOUNT_ID,
        FlowLogField.SRC_PORT,
        FlowLogField.BYTES,
        FlowLogField.PKT_SRC_ADDR,
        FlowLogField.NEXT_HOP_AZ_ID,
    )
    assert list(format_.columns.items()) == [
        ("version", "int"),
        ("account_id", "string"),
        ("srcport", "int"),
        ("bytes", "bigint"),
        ("pkt_srcaddr", "string"),
        ("next_hop_az_id", "string"),
    ]


def test_the_numbers_among_the_fields() -> None:
    """Of everything else the records hold text."""
    types = FlowLogFormat.up_to_version(11).columns
    assert sorted(name for name, type_ in types.items() if type_ == "int") == [
        "dstport",
        "encryption_status",
        "protocol",
        "srcport",
        "tcp_flags",
        "traffic_path",
        "version",
    ]
    assert sorted(name for name, type_ in types.items() if type_ == "bigint") == ["bytes", "end", "packets", "start"]


@pytest.mark.parametrize(
    ("partitions", "keys"),
    [
        (FlowLogPartitions.DAILY, []),
        (FlowLogPartitions.HOURLY, []),
        (FlowLogPartitions.HIVE_DAILY, ["aws-account-id", "aws-service", "aws-region", "year", "month", "day"]),
        (
            FlowLogPartitions.HIVE_HOURLY,
            ["aws-account-id", "aws-service", "aws-region", "year", "month", "day", "hour"],
        ),
    ],
)
def test_names_of_folders_are_partitions(partitions: FlowLogPartitions, keys: list[str]) -> None:
    """Where Hive would take them for some."""
    assert partitions.keys == dict.fromkeys(keys, "string")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (FlowLogFormat.of, "flow log format: a format must have at least one field, got none; ask for default()"),
        (
            lambda: FlowLogFormat.of(FlowLogField.END, FlowLogField.START, FlowLogField.END),
            "flow log format: field 'end' is named 2 times",
        ),
        (
            lambda: FlowLogFormat.of(FlowLogField.INSTANCE_TAG),
            "flow log format: field 'instance-tag' holds the value of a tag, but instance_tags has 0 keys; name the "
            "key of the tag in instance_tags",
        ),
        (
            lambda: FlowLogFormat.of(FlowLogField.ASG_TAG_2, auto_scaling_group_tags=["team"]),
            "flow log format: field 'asg-tag-2' holds the value of a tag, but auto_scaling_group_tags has 1 keys; name "
            "the key of the tag in auto_scaling_group_tags",
        ),
        (
            lambda: FlowLogFormat.of(instance_tags=["a", "b", "c"]),
            "flow log format: the number of instance_tags must be 0 to 2, got 3",
        ),
        (
            lambda: FlowLogFormat.of(interface_tags=["k" * 129]),
            f"flow log format: interface_tags must be 1 to 128 characters long, got '{'k' * 129}' (129)",
        ),
        (lambda: FlowLogFormat.up_to_version(1), "flow log format: version must be 2 to 11, got 1"),
        (lambda: FlowLogFormat.up_to_version(12), "flow log format: version must be 2 to 11, got 12"),
    ],
)
def test_formats_that_are_none_are_refused(make: Any, message: str) -> None:
    """At the user's own line."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message
