"""Reading what was synthesized: cloud assemblies and their CloudFormation templates.

Pure: nothing here knows the CDK, so it reads anybody's assembly.
"""

from constructs_lattice.templates.assembly import Stack, load_assembly

__all__ = ["Stack", "load_assembly"]
