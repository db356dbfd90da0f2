"""The resource definitions of the Gateway API, without which the controller does not start.

There is no Helm chart of theirs from the project itself, and nothing is fetched here: who uses this library says where
they come from.

https://gateway-api.sigs.k8s.io/guides/getting-started/#installing-gateway-api
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from constructs_lattice.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["GatewayApiCrds"]

_VERSION = "gateway.networking.k8s.io/bundle-version"
_LEAST_VERSION = (1, 5)
_DEFINITION = "CustomResourceDefinition"
_GROUP = "gateway.networking.k8s.io"
_KINDS = ("GatewayClass", "Gateway", "HTTPRoute", "GRPCRoute", "TLSRoute")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayApiCrds:
    """Where the resource definitions of the Gateway API come from: `installed`, `manifests` or `chart`.

    The controller v2.1 is built against v1.5, of the standard channel; it does not start with earlier ones.
    """

    documents: tuple[str, ...] = ()
    repository: str | None = None
    version: str | None = None

    @classmethod
    def installed(cls) -> Self:
        """The cluster has them already: by `kubectl apply --server-side`, by GitOps or otherwise."""
        return cls()

    @classmethod
    def manifests(cls, documents: Iterable[Mapping[str, Any] | None]) -> Self:
        """The documents of the release's `standard-install.yaml`, read by `yaml.safe_load_all`; empty ones are none.

        They become one manifest each, which stays when it leaves the template: to delete a definition is to delete
        every route in the cluster. The descriptions of fields are dropped: with them, the definition of HTTPRoutes
        alone would come close to what `kubectl` takes.

        Raises `ArgumentError` when one is missing that the controller needs, or is older than v1.5.
        """
        found = [dict(each) for each in documents if each]
        _check_kinds(found)
        _check_versions(found)
        return cls(documents=tuple(json.dumps(_without_descriptions(each), sort_keys=True) for each in found))

    @classmethod
    def chart(cls, repository: str, *, version: str) -> Self:
        """A chart in an OCI registry, `oci://…`: somebody's who maintains one, or one's own copy of the definitions."""
        if not repository.startswith("oci://"):
            raise ArgumentError(f"gateway api crds: repository must begin with oci://, got {repository!r}")
        return cls(repository=repository, version=version)

    def by_name(self) -> dict[str, dict[str, Any]]:
        """The manifests by their names, new in each call."""
        loaded = [json.loads(each) for each in self.documents]
        return {f"{each['kind']}/{each['metadata']['name']}": each for each in loaded}


def _check_kinds(documents: list[dict[str, Any]]) -> None:
    definitions = [each["spec"] for each in documents if each.get("kind") == _DEFINITION]
    served = {
        each["names"]["kind"]
        for each in definitions
        if each["group"] == _GROUP and any(v["name"] == "v1" and v["served"] for v in each["versions"])
    }
    if missing := [kind for kind in _KINDS if kind not in served]:
        raise ArgumentError(
            f"gateway api crds: there is no definition that serves v1 of {', '.join(missing)}, without which the "
            "controller does not start; take all documents of standard-install.yaml, v1.5 or later"
        )


def _check_versions(documents: list[dict[str, Any]]) -> None:
    for each in documents:
        version = each.get("metadata", {}).get("annotations", {}).get(_VERSION, "")
        numbers = re.match(r"v(\d+)\.(\d+)\.", version)
        if numbers and tuple(int(part) for part in numbers.groups()) < _LEAST_VERSION:
            raise ArgumentError(
                f"gateway api crds: {each['metadata']['name']} is of {version}, but the controller needs v1.5 or later"
            )


def _without_descriptions(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_descriptions(item)
            for key, item in value.items()
            # A field may itself be called so; then it is no text.
            if not (key == "description" and isinstance(item, str))
        }
    if isinstance(value, list):
        return [_without_descriptions(item) for item in value]
    return value
