"""Snapshots as one readable YAML file each, under tests/snapshots/<test module>/."""

from pathlib import Path
from typing import TYPE_CHECKING

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

if TYPE_CHECKING:
    from syrupy.location import PyTestLocation
    from syrupy.types import PropertyFilter, PropertyMatcher, SerializableData, SerializedData


class YamlTemplateSnapshot(SingleFileSnapshotExtension):
    """A file for each snapshot, named after its test; the data is text already."""

    _write_mode = WriteMode.TEXT
    file_extension = "yaml"

    def serialize(
        self,
        data: "SerializableData",
        *,
        exclude: "PropertyFilter | None" = None,  # noqa: ARG002 - syrupy's signature
        include: "PropertyFilter | None" = None,  # noqa: ARG002
        matcher: "PropertyMatcher | None" = None,  # noqa: ARG002
    ) -> "SerializedData":
        return str(data)

    @classmethod
    def dirname(cls, *, test_location: "PyTestLocation") -> str:
        return str(Path(__file__).parent / "snapshots" / test_location.basename)
