"""The resource definitions of the Gateway API."""

from typing import Any

import pytest

from constructs_lattice import ArgumentError, GatewayApiCrds

KINDS = ("GatewayClass", "Gateway", "HTTPRoute", "GRPCRoute", "TLSRoute")


def definition(kind: str, *, version: str = "v1.5.1", served: bool = True) -> dict[str, Any]:
    described = {"type": "object", "description": "what it is", "properties": {"description": {"type": "string"}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{kind.lower()}s.gateway.networking.k8s.io",
            "annotations": {"gateway.networking.k8s.io/bundle-version": version},
        },
        "spec": {
            "group": "gateway.networking.k8s.io",
            "names": {"kind": kind},
            "versions": [{"name": "v1", "served": served, "schema": {"openAPIV3Schema": described}}],
        },
    }


def test_manifests_are_kept_by_name_without_descriptions() -> None:
    """A field that is itself called description stays; so does what is no definition."""
    policy = {"kind": "ValidatingAdmissionPolicy", "metadata": {"name": "safe-upgrades.gateway.networking.k8s.io"}}
    made = GatewayApiCrds.manifests([*map(definition, KINDS), policy, None])
    found = made.by_name()
    assert list(found) == [
        *(f"CustomResourceDefinition/{kind.lower()}s.gateway.networking.k8s.io" for kind in KINDS),
        "ValidatingAdmissionPolicy/safe-upgrades.gateway.networking.k8s.io",
    ]
    (version,) = found["CustomResourceDefinition/gateways.gateway.networking.k8s.io"]["spec"]["versions"]
    assert version["schema"]["openAPIV3Schema"] == {
        "type": "object",
        "properties": {"description": {"type": "string"}},
    }


def test_what_was_read_is_left_as_it_was() -> None:
    """The caller may use the documents for something else."""
    documents = [definition(kind) for kind in KINDS]
    GatewayApiCrds.manifests(documents)
    assert documents == [definition(kind) for kind in KINDS]


def test_other_ways_have_no_manifests() -> None:
    """Installed ones need nothing, and a chart brings its own."""
    assert GatewayApiCrds.installed().by_name() == {}
    chart = GatewayApiCrds.chart("oci://111111111111.dkr.ecr.eu-west-1.amazonaws.com/gateway-api-crds", version="1.5.1")
    assert chart.by_name() == {}


def test_a_definition_that_the_controller_needs_must_be_there() -> None:
    """It looks for them when it starts, and stops without."""
    without = [definition(kind) for kind in KINDS if kind != "TLSRoute"]
    for documents in (without, [*without, definition("TLSRoute", served=False)]):
        with pytest.raises(ArgumentError) as caught:
            GatewayApiCrds.manifests(documents)
        assert str(caught.value) == (
            "gateway api crds: there is no definition that serves v1 of TLSRoute, without which the controller does "
            "not start; take all documents of standard-install.yaml, v1.5 or later"
        )


def test_earlier_versions_are_an_error() -> None:
    """The controller is not compatible with them."""
    with pytest.raises(ArgumentError) as caught:
        GatewayApiCrds.manifests([definition(kind, version="v1.4.0") for kind in KINDS])
    assert str(caught.value) == (
        "gateway api crds: gatewayclasss.gateway.networking.k8s.io is of v1.4.0, but the controller needs v1.5 or later"
    )


def test_a_chart_is_in_an_oci_registry() -> None:
    """The CDK's function pulls it from there."""
    with pytest.raises(ArgumentError) as caught:
        GatewayApiCrds.chart("https://charts.example.com", version="1.5.1")
    assert str(caught.value) == (
        "gateway api crds: repository must begin with oci://, got 'https://charts.example.com'"
    )
