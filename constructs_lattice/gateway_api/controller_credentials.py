"""How the controller's pods get the credentials of its role.

https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Self

__all__ = ["ControllerCredentials"]


class _Kind(Enum):
    POD_IDENTITY = "pod identity"
    IRSA = "irsa"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerCredentials:
    """How the controller's pods get the credentials of its role, made by `pod_identity` or `irsa`."""

    kind: _Kind
    install_agent: bool = False

    @classmethod
    def pod_identity(cls, *, install_agent: bool = True) -> Self:
        """By EKS Pod Identity, which is what AWS recommends.

        Nodes need its agent. EKS Auto Mode has it: say `install_agent=False` there, and where the add-on is installed
        already. A cluster that was imported has to have it.
        """
        return cls(kind=_Kind.POD_IDENTITY, install_agent=install_agent)

    @classmethod
    def irsa(cls) -> Self:
        """By the OpenID Connect provider of the cluster, where there is no Pod Identity, such as on Fargate.

        The trust policy names the provider's issuer, which only the deployment knows for a cluster of the same
        application. The CDK writes it with a custom resource of its own then.
        """
        return cls(kind=_Kind.IRSA)

    @property
    def is_pod_identity(self) -> bool:
        """Whether it is Pod Identity, rather than an annotation of the service account."""
        return self.kind is _Kind.POD_IDENTITY
