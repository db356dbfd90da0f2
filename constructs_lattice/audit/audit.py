"""All checks over all that an application can come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from constructs_lattice.audit.addresses import overlaps
from constructs_lattice.audit.exposure import exposed_databases, exposed_management, ipv6_exposure
from constructs_lattice.audit.finding import Audited, Finding
from constructs_lattice.audit.health import unhealthy_targets
from constructs_lattice.audit.inspection import asymmetric_inspection, missing_appliance_mode
from constructs_lattice.audit.routes import dead_ends, idle_tables
from constructs_lattice.audit.services import second_associations, void_rules
from constructs_lattice.reachability.reachability import Reachability
from constructs_lattice.templates.application import Application
from constructs_lattice.templates.network import read_network

__all__ = ["audit"]

_CHECKS: tuple[Callable[[Audited], Iterator[Finding]], ...] = (
    overlaps,
    missing_appliance_mode,
    asymmetric_inspection,
    dead_ends,
    idle_tables,
    ipv6_exposure,
    exposed_databases,
    exposed_management,
    second_associations,
    unhealthy_targets,
    void_rules,
)


def audit(application: Application) -> list[Finding]:
    """The findings about an application, each once, in the order of the checks.

    Only what is certain is a finding, in one at least of the estates that the templates can come to.

    Raises `TemplateError` when the templates are wrong.
    """
    found: dict[Finding, None] = {}
    for case in application.cases():
        network = read_network(case.estate)
        audited = Audited(case.estate, network, Reachability(network))
        for check in _CHECKS:
            found |= dict.fromkeys(check(audited))
    return list(found)
