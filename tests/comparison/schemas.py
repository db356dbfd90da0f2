"""The create-only properties of resource types, out of the schemas that cfn-lint brings along.

`python -m tests.comparison.schemas` writes them where the library keeps them.
"""

import json
from pathlib import Path

import cfnlint  # type: ignore[import-untyped]

import constructs_lattice.comparison

SERVICES = (
    "AutoScaling",
    "CertificateManager",
    "DirectConnect",
    "EC2",
    "ECS",
    "EFS",
    "EKS",
    "ElastiCache",
    "ElasticLoadBalancing",
    "ElasticLoadBalancingV2",
    "GlobalAccelerator",
    "Lambda",
    "NetworkFirewall",
    "NetworkManager",
    "OpenSearchService",
    "RAM",
    "RDS",
    "Redshift",
    "Route53",
    "Route53Profiles",
    "Route53Resolver",
    "VpcLattice",
)
KEPT = Path(constructs_lattice.comparison.__file__).parent / "create_only.json"


def create_only() -> dict[str, list[str]]:
    """The properties whose change replaces a resource, by type; of nested ones, the outermost."""
    found: dict[str, list[str]] = {}
    for path in (Path(cfnlint.__file__).parent / "data" / "schemas" / "resources").glob("*.json"):
        schema = json.loads(path.read_text())
        type_ = schema.get("typeName", "")
        if type_.split("::")[1:2] and type_.split("::")[1] in SERVICES:
            names = {each.removeprefix("/properties/").split("/")[0] for each in schema.get("createOnlyProperties", [])}
            if names:
                found[type_] = sorted({*found.get(type_, []), *names})
    return dict(sorted(found.items()))


def as_text() -> str:
    """As they are kept: a line for each type."""
    lines = [f"  {json.dumps(type_)}: {json.dumps(names)}" for type_, names in create_only().items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    KEPT.write_text(as_text())
