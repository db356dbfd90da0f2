"""What the records of flow logs say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from constructs_lattice._checks import check_range, check_text
from constructs_lattice.errors import ArgumentError

__all__ = ["FlowLogField", "FlowLogFormat"]

_WHERE = "flow log format"


class FlowLogField(StrEnum):
    """The fields of the records, in AWS's order and by the version that brought them.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
    """

    # Version 2
    VERSION = "version"
    ACCOUNT_ID = "account-id"
    INTERFACE_ID = "interface-id"
    SRC_ADDR = "srcaddr"
    DST_ADDR = "dstaddr"
    SRC_PORT = "srcport"
    DST_PORT = "dstport"
    PROTOCOL = "protocol"
    PACKETS = "packets"
    BYTES = "bytes"
    START = "start"
    END = "end"
    ACTION = "action"
    LOG_STATUS = "log-status"

    # Version 3
    VPC_ID = "vpc-id"
    SUBNET_ID = "subnet-id"
    INSTANCE_ID = "instance-id"
    TCP_FLAGS = "tcp-flags"
    TYPE = "type"
    PKT_SRC_ADDR = "pkt-srcaddr"
    PKT_DST_ADDR = "pkt-dstaddr"

    # Version 4
    REGION = "region"
    AZ_ID = "az-id"
    SUBLOCATION_TYPE = "sublocation-type"
    SUBLOCATION_ID = "sublocation-id"

    # Version 5
    PKT_SRC_AWS_SERVICE = "pkt-src-aws-service"
    PKT_DST_AWS_SERVICE = "pkt-dst-aws-service"
    FLOW_DIRECTION = "flow-direction"
    TRAFFIC_PATH = "traffic-path"

    # Version 7: who makes the flow log needs permission to list what ECS runs.
    ECS_CLUSTER_ARN = "ecs-cluster-arn"
    ECS_CLUSTER_NAME = "ecs-cluster-name"
    ECS_CONTAINER_INSTANCE_ARN = "ecs-container-instance-arn"
    ECS_CONTAINER_INSTANCE_ID = "ecs-container-instance-id"
    ECS_CONTAINER_ID = "ecs-container-id"
    ECS_SECOND_CONTAINER_ID = "ecs-second-container-id"
    ECS_SERVICE_NAME = "ecs-service-name"
    ECS_TASK_DEFINITION_ARN = "ecs-task-definition-arn"
    ECS_TASK_ARN = "ecs-task-arn"
    ECS_TASK_ID = "ecs-task-id"

    # Version 8
    REJECT_REASON = "reject-reason"

    # Version 9
    RESOURCE_ID = "resource-id"

    # Version 10
    ENCRYPTION_STATUS = "encryption-status"

    # Version 11: a format says the keys of the tags whose values the first six hold.
    INSTANCE_TAG = "instance-tag"
    INSTANCE_TAG_2 = "instance-tag-2"
    INTERFACE_TAG = "interface-tag"
    INTERFACE_TAG_2 = "interface-tag-2"
    ASG_TAG = "asg-tag"
    ASG_TAG_2 = "asg-tag-2"
    INTERFACE_TYPE = "interface-type"
    NEXT_HOP_INTERFACE_ID = "next-hop-interface-id"
    NEXT_HOP_SUBNET_ID = "next-hop-subnet-id"
    NEXT_HOP_AZ_ID = "next-hop-az-id"
    NEXT_HOP_VPC_ID = "next-hop-vpc-id"
    NEXT_HOP_INTERFACE_TYPE = "next-hop-interface-type"

    @property
    def version(self) -> int:
        """The version of flow logs that brought the field."""
        order = list(FlowLogField)
        return next(version for version, last in _LAST_OF_VERSION.items() if order.index(self) <= order.index(last))

    @property
    def column_name(self) -> str:
        """The name of its column in a table of Glue or Athena."""
        return self.replace("-", "_")

    @property
    def column_type(self) -> str:
        """The type of its column: what Parquet files hold. In text files a missing number, `-`, reads as null."""
        if self in _INTEGERS:
            return "int"
        return "bigint" if self in _LONG_INTEGERS else "string"


_LAST_OF_VERSION = {
    2: FlowLogField.LOG_STATUS,
    3: FlowLogField.PKT_DST_ADDR,
    4: FlowLogField.SUBLOCATION_ID,
    5: FlowLogField.TRAFFIC_PATH,
    7: FlowLogField.ECS_TASK_ID,
    8: FlowLogField.REJECT_REASON,
    9: FlowLogField.RESOURCE_ID,
    10: FlowLogField.ENCRYPTION_STATUS,
    11: FlowLogField.NEXT_HOP_INTERFACE_TYPE,
}
_NEWEST = max(_LAST_OF_VERSION)

_INTEGERS = {
    FlowLogField.VERSION,
    FlowLogField.SRC_PORT,
    FlowLogField.DST_PORT,
    FlowLogField.PROTOCOL,
    FlowLogField.TCP_FLAGS,
    FlowLogField.TRAFFIC_PATH,
    FlowLogField.ENCRYPTION_STATUS,
}
_LONG_INTEGERS = {FlowLogField.PACKETS, FlowLogField.BYTES, FlowLogField.START, FlowLogField.END}

_DEFAULT = tuple(field for field in FlowLogField if field.version == min(_LAST_OF_VERSION))

# The arguments that hold keys of tags: what AWS calls the resources, and the fields for the values of the tags.
_TAGS = {
    "instance_tags": ("instance", (FlowLogField.INSTANCE_TAG, FlowLogField.INSTANCE_TAG_2)),
    "interface_tags": ("network-interface", (FlowLogField.INTERFACE_TAG, FlowLogField.INTERFACE_TAG_2)),
    "auto_scaling_group_tags": ("auto-scaling-group", (FlowLogField.ASG_TAG, FlowLogField.ASG_TAG_2)),
}
_TAG_FIELDS = frozenset(field for _, fields in _TAGS.values() for field in fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLogFormat:
    """The fields of each record, in their order.

    `default()` is AWS's own; `of` names them one by one; `up_to_version`, `for_lattice` and `for_firewall` are sets for
    a purpose; `plus` adds to any of them. Values of tags are asked for by their keys, up to two for instances, network
    interfaces and Auto Scaling groups; their fields come last unless they are named at another place.

    `columns` are those of a table of Glue or Athena that reads the records.

    Raises `ArgumentError` without any field, for a field that is named twice, and for fields of tags without keys.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
    """

    fields: tuple[FlowLogField, ...]
    instance_tags: tuple[str, ...] = ()
    interface_tags: tuple[str, ...] = ()
    auto_scaling_group_tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that the fields are distinct, and that fields and keys of tags belong together."""
        if not self.fields:
            raise ArgumentError(f"{_WHERE}: a format must have at least one field, got none; ask for default()")
        for field in self.fields:
            if self.fields.count(field) > 1:
                raise ArgumentError(f"{_WHERE}: field {str(field)!r} is named {self.fields.count(field)} times")
        for name, (_, fields) in _TAGS.items():
            keys = self._keys(name)
            check_range(_WHERE, f"the number of {name}", len(keys), 0, len(fields))
            for key in keys:
                check_text(_WHERE, name, key, 1, 128)
            for number, field in enumerate(fields, start=1):
                if field in self.fields and number > len(keys):
                    raise ArgumentError(
                        f"{_WHERE}: field {str(field)!r} holds the value of a tag, but {name} has {len(keys)} keys; "
                        f"name the key of the tag in {name}"
                    )

    @classmethod
    def default(cls) -> Self:
        """AWS's own format: the fields of version 2."""
        return cls(fields=_DEFAULT)

    @classmethod
    def of(
        cls,
        *fields: FlowLogField,
        instance_tags: Sequence[str] = (),
        interface_tags: Sequence[str] = (),
        auto_scaling_group_tags: Sequence[str] = (),
    ) -> Self:
        """These fields, in this order, and the values of tags with these keys."""
        tags = {
            "instance_tags": tuple(instance_tags),
            "interface_tags": tuple(interface_tags),
            "auto_scaling_group_tags": tuple(auto_scaling_group_tags),
        }
        held = [field for name, keys in tags.items() for field, _ in zip(_TAGS[name][1], keys, strict=False)]
        return cls(fields=(*fields, *(field for field in held if field not in fields)), **tags)

    @classmethod
    def up_to_version(cls, version: int) -> Self:
        """All fields that there are in a version, 2 to 11, in AWS's order; those of tags need keys: `plus` adds them.

        Not every region has the fields of version 11, which came in 2026.
        """
        check_range(_WHERE, "version", version, min(_LAST_OF_VERSION), _NEWEST)
        return cls(fields=tuple(field for field in FlowLogField if field.version <= version and not _is_tag(field)))

    @classmethod
    def for_lattice(cls) -> Self:
        """Who calls whom through VPC Lattice: AWS's own fields, and those that tell a caller from what passes it on.

        VPC Lattice answers at link-local addresses and calls targets from its own: the addresses of the packets, the
        direction and the path of a flow tell its two sides apart, and subnet, zone and instance say where each is.
        """
        return cls.default().plus(*_PLACE, *_PACKET, FlowLogField.FLOW_DIRECTION, FlowLogField.TRAFFIC_PATH)

    @classmethod
    def for_firewall(cls) -> Self:
        """Whether traffic passes a firewall both ways: AWS's own fields, the packet's addresses, and the next hop.

        A flow whose answers come from another next hop than its packets went to, or from another zone, is asymmetric,
        which a firewall drops. The next hop is of version 11, which not every region has.
        """
        return cls.default().plus(
            *_PLACE,
            *_PACKET,
            FlowLogField.FLOW_DIRECTION,
            FlowLogField.TRAFFIC_PATH,
            FlowLogField.REJECT_REASON,
            FlowLogField.INTERFACE_TYPE,
            FlowLogField.NEXT_HOP_INTERFACE_ID,
            FlowLogField.NEXT_HOP_SUBNET_ID,
            FlowLogField.NEXT_HOP_AZ_ID,
            FlowLogField.NEXT_HOP_INTERFACE_TYPE,
        )

    def plus(
        self,
        *fields: FlowLogField,
        instance_tags: Sequence[str] = (),
        interface_tags: Sequence[str] = (),
        auto_scaling_group_tags: Sequence[str] = (),
    ) -> Self:
        """A format with more fields and tags, behind those that it has; what it has already stays in its place."""
        return self.of(
            *dict.fromkeys([*self.fields, *fields]),
            instance_tags=_joined(self.instance_tags, instance_tags),
            interface_tags=_joined(self.interface_tags, interface_tags),
            auto_scaling_group_tags=_joined(self.auto_scaling_group_tags, auto_scaling_group_tags),
        )

    @property
    def version(self) -> int:
        """The version that the records bear: the highest of the fields'."""
        return max(field.version for field in self.fields)

    @property
    def log_format(self) -> str | None:
        """As CloudFormation takes it: nothing for AWS's own format."""
        return None if self.fields == _DEFAULT else " ".join(f"${{{field}}}" for field in self.fields)

    @property
    def tag_field_specifications(self) -> list[dict[str, Any]]:
        """The tags as CloudFormation takes them."""
        return [
            {"ResourceType": resource, "TagKeys": list(self._keys(name))}
            for name, (resource, _) in _TAGS.items()
            if self._keys(name)
        ]

    @property
    def columns(self) -> Mapping[str, str]:
        """The columns of a table of Glue or Athena, in the order of the fields: their types by their names.

        https://docs.aws.amazon.com/athena/latest/ug/vpc-flow-logs.html
        """
        return {field.column_name: field.column_type for field in self.fields}

    def _keys(self, name: str) -> tuple[str, ...]:
        keys: tuple[str, ...] = getattr(self, name)
        return keys


_PLACE = (FlowLogField.VPC_ID, FlowLogField.SUBNET_ID, FlowLogField.AZ_ID, FlowLogField.INSTANCE_ID)
_PACKET = (FlowLogField.TCP_FLAGS, FlowLogField.TYPE, FlowLogField.PKT_SRC_ADDR, FlowLogField.PKT_DST_ADDR)


def _is_tag(field: FlowLogField) -> bool:
    return field in _TAG_FIELDS


def _joined(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*first, *second]))
