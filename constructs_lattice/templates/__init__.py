"""Reading what was synthesized: cloud assemblies and CloudFormation templates, resolved as far as they say.

Pure: nothing here knows the CDK, so it reads anybody's.
"""

from constructs_lattice.templates.application import Application, Case
from constructs_lattice.templates.assembly import Stack, load_assembly
from constructs_lattice.templates.document import read_document
from constructs_lattice.templates.estate import Deployment, Estate, Resource
from constructs_lattice.templates.loading import load
from constructs_lattice.templates.values import Reference, ResourceId, String, Text, Unknown, Value, joined, unknowns

__all__ = [
    "Application",
    "Case",
    "Deployment",
    "Estate",
    "Reference",
    "Resource",
    "ResourceId",
    "Stack",
    "String",
    "Text",
    "Unknown",
    "Value",
    "joined",
    "load",
    "load_assembly",
    "read_document",
    "unknowns",
]
