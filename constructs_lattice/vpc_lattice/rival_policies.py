"""Auth policies that L1 constructs give to services and service networks of ours.

What has two policies fails at deployment: the second one to be made finds the first one there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import ConstructSelector
from constructs import IConstruct, IValidation

from constructs_lattice._construct import path_of, root_of
from constructs_lattice.vpc_lattice.auth import AuthType

if TYPE_CHECKING:
    from constructs_lattice.vpc_lattice.auth_policy import AuthPolicy

__all__ = ["RivalPolicies"]

_TYPE = "AWS::VpcLattice::AuthPolicy"

_OF_APPS: WeakKeyDictionary[Any, RivalPolicies] = WeakKeyDictionary()


@jsii.implements(IValidation)
class RivalPolicies:
    """Finds L1 constructs that attach an auth policy to what is ours. Node asks at synthesis, once for an app."""

    def __init__(self, root: IConstruct) -> None:
        self._root = root
        self.policies: list[AuthPolicy] = []

    @classmethod
    def watch(cls, policy: AuthPolicy) -> RivalPolicies:
        """Watch over what the policy belongs to, from now on."""
        root = root_of(policy)
        if root not in _OF_APPS:
            _OF_APPS[root] = cls(root)
            policy.node.add_validation(_OF_APPS[root])
        found = _OF_APPS[root]
        found.policies.append(policy)
        return found

    def of(self, policy: AuthPolicy) -> list[str]:
        """The paths of L1 constructs that attach a policy to the same service or service network."""
        return [rival.node.path for rival, other in self._found() if other is policy]

    def validate(self) -> list[str]:
        """What is wrong: a policy besides ours, or one that has no effect."""
        problems = []
        for rival, policy in self._found():
            holder = path_of(policy).rpartition("/")[0]
            if policy.auth.type is AuthType.NONE:
                problems.append(
                    f"the auth policy {rival.node.path} has no effect, since {holder} has Auth.none(); give that "
                    "Auth.iam()"
                )
            elif policy.resource is not None:
                problems.append(
                    f"{holder} has an auth policy, and {rival.node.path} would be a second one; add its statements by "
                    "add_to_auth_policy"
                )
        return problems

    def _found(self) -> list[tuple[Any, AuthPolicy]]:
        ours = [policy.resource for policy in self.policies if policy.resource is not None]
        found: list[Any] = ConstructSelector.resources_of_type(_TYPE).select(self._root)
        if len(found) == len(ours):
            return []
        paths = {resource.node.path for resource in ours}
        holders = {identifier: policy for policy in self.policies for identifier in policy.identifiers}
        return [
            (each, holders[each.resource_identifier])
            for each in found
            if each.resource_identifier in holders and each.node.path not in paths
        ]
