"""The certificate that a load balancer and the service in front of it have in common.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/alb-target.html#alb-target-prerequisites
"""

from __future__ import annotations

from typing import Any

import jsii
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import IValidation

from constructs_lattice._construct import path_of, stack_of

__all__ = ["SameCertificate"]


@jsii.implements(IValidation)
class SameCertificate:
    """Finds a load balancer whose HTTPS listener lacks the service's certificate. Node asks at synthesis."""

    def __init__(
        self, load_balancer: elbv2.ApplicationLoadBalancer, port: int, certificate_arn: str, service: str
    ) -> None:
        self._load_balancer = load_balancer
        self._port = port
        self._arn = certificate_arn
        self._service = service

    def validate(self) -> list[str]:
        """What is wrong, once there are listeners, as far as both certificates are known in the same way."""
        stack = stack_of(self._load_balancer)
        wanted = stack.resolve(self._arn)
        for listener in self._load_balancer.listeners:
            resource: Any = listener.node.default_child
            found = [stack.resolve(each) for each in _certificates(listener)]
            # What other stacks export has another name here: only texts can be compared with texts.
            known = [each for each in found if isinstance(each, str) == isinstance(wanted, str)]
            if resource.port == self._port and found and len(known) == len(found) and wanted not in found:
                return [
                    f"load balancer {path_of(self._load_balancer)} must have the certificate of {self._service} on "
                    f"{self._port}, as VPC Lattice asks, but has another one"
                ]
        return []


def _certificates(listener: elbv2.ApplicationListener) -> list[Any]:
    """The ARNs of the certificates of a listener, the default one and those that were added."""
    of_listener = [each for each in listener.node.find_all() if isinstance(each, elbv2.CfnListenerCertificate)]
    resources: list[Any] = [listener.node.default_child, *of_listener]
    stack = stack_of(listener)
    lists = [stack.resolve(each.certificates) or [] for each in resources]
    return [each["certificateArn"] for certificates in lists for each in certificates]
