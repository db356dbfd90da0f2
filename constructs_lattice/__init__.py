"""AWS application networks as CDK constructs.

The public names are here, and are imported when they are asked for: importing this package alone takes milliseconds
and starts no Node process.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from constructs_lattice._version import __version__

if TYPE_CHECKING:
    from constructs_lattice.addressing import VpcPlan
    from constructs_lattice.errors import AddressError, ArgumentError, LatticeError
    from constructs_lattice.load_balancing import ApplicationLoadBalancer, NetworkLoadBalancer, Scheme
    from constructs_lattice.patterns import MultiTierNetwork
    from constructs_lattice.vpc import FlowLogs, GatewayService, Nat, Role, Tier, Vpc, Zones

_HOMES = {
    "addressing": ["VpcPlan"],
    "errors": ["AddressError", "ArgumentError", "LatticeError"],
    "load_balancing": ["ApplicationLoadBalancer", "NetworkLoadBalancer", "Scheme"],
    "patterns": ["MultiTierNetwork"],
    "vpc": ["FlowLogs", "GatewayService", "Nat", "Role", "Tier", "Vpc", "Zones"],
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AddressError",
    "ApplicationLoadBalancer",
    "ArgumentError",
    "FlowLogs",
    "GatewayService",
    "LatticeError",
    "MultiTierNetwork",
    "Nat",
    "NetworkLoadBalancer",
    "Role",
    "Scheme",
    "Tier",
    "Vpc",
    "VpcPlan",
    "Zones",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    return value


def __dir__() -> list[str]:
    """The public names, imported or not."""
    return __all__
