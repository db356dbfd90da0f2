"""ECS services as targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeConstruct, path_of, root_of
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.connectable_targets import check_prefix_lists
from constructs_lattice.vpc_lattice.ecs_deployment import arn_of
from constructs_lattice.vpc_lattice.ip_target_group import IpTargetGroup
from constructs_lattice.vpc_lattice.listener import Listener
from constructs_lattice.vpc_lattice.protocols import IpAddressType
from constructs_lattice.vpc_lattice.rule import Rule
from constructs_lattice.vpc_lattice.target_group import TargetGroup

if TYPE_CHECKING:
    from aws_cdk.interfaces import aws_vpclattice as interfaces
    from constructs import Construct

    from constructs_lattice.vpc_lattice.ecs_deployment import EcsDeployment
    from constructs_lattice.vpc_lattice.prefix_lists import LatticePrefixLists

__all__ = ["EcsTarget"]

_MOST_CONFIGURATIONS = 5
_POLICY = "AmazonECSInfrastructureRolePolicyForVpcLattice"
_FULL, _EMPTY = 100, 0

# The deployment of each ECS service, which all its target groups share, and who uses each rule, by its ARN.
_DEPLOYMENTS: WeakKeyDictionary[Any, dict[str, Any] | None] = WeakKeyDictionary()
_USED: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


class EcsTarget(LatticeConstruct):
    """Puts an ECS service on VPC Lattice: its tasks register themselves with a target group, and leave it again.

    What it makes: the configuration of the service, a role by which ECS registers tasks, the security group rules by
    which VPC Lattice reaches them, and a target group, unless one is given.

    VPC Lattice takes minutes to hear of a task that has gone. Let tasks finish their requests: a stop timeout of 120
    seconds is the most that Fargate grants.

    Args:
        scope: The construct that this target is part of.
        id: The id within `scope`.
        service: The service: `ecs.FargateService`, `ecs.Ec2Service` or another one of aws-cdk's own. It is deployed by
            ECS itself, not by CodeDeploy.
        port_name: The name of the port mapping in the task definition that takes the requests.
        group: The target group, of IP addresses, in the service's VPC. A service has up to five. By default a new one,
            which sends HTTP to the port of the mapping; listeners forward to it as the `group` of this target.
        prefix_lists: The prefix lists of VPC Lattice, from which the service's security groups then take requests on
            the port of the mapping, and health checks on theirs. By default those of the group; without any, the
            security groups are the caller's own business.
        deployment: How a new revision takes over. By default as the service says: with rolling updates. The rules of a
            deployment forward to the group, which has to be given then.
        role: The role by which ECS registers tasks. By default a new one with the policy of AWS for it.

    Raises:
        ArgumentError: There is no such port mapping, the group is not one of IP addresses, the service cannot have
            another one, or the rules of the deployment do not forward as they have to, or to no group that was given.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-vpc-lattice.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: ecs.BaseService,
        port_name: str,
        group: interfaces.ITargetGroupRef | None = None,
        prefix_lists: LatticePrefixLists | None = None,
        deployment: EcsDeployment | None = None,
        role: iam.IRole | None = None,
    ) -> None:
        where = Place(scope, id)
        resource = _resource(where, service, deployment)
        port = _container_port(where, service, port_name)
        alternate = None if deployment is None else deployment.alternate
        given = [each for each in (group, alternate) if each is not None]
        for each in given:
            _check_group(where, each, prefix_lists)
        configurations = list(cast("Any", resource.vpc_lattice_configurations) or [])
        if len(configurations) >= _MOST_CONFIGURATIONS:
            raise ArgumentError(
                f"{where}: an ECS service has {_MOST_CONFIGURATIONS} target groups at most, and {service.node.path} "
                "has them already; make another service"
            )
        used = _USED.setdefault(root_of(scope), {})
        if deployment is not None:
            _check_rules(where, deployment, group, used)
        _check_shared(where, service, deployment)
        super().__init__(scope, id)
        if group is None:
            group = IpTargetGroup(self, "Group", vpc=service.cluster.vpc, port=port)
            given.append(group)
        self._group = group
        self._role = role or iam.Role(
            self,
            "Role",
            assumed_by=cast("iam.IPrincipal", iam.ServicePrincipal("ecs.amazonaws.com")),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(_POLICY)],
            description="ECS registers tasks with VPC Lattice",
        )
        self._configure(resource, configurations, group, port_name)
        if deployment is not None:
            self._shift(resource, len(configurations), deployment)
            used.update(dict.fromkeys(_rules(deployment), path_of(self)))
        for each in given:
            if isinstance(each, IpTargetGroup):
                each.admit(service, port, prefix_lists=prefix_lists)
            elif prefix_lists is not None:
                prefix_lists.allow_from(service, port)
        _DEPLOYMENTS[service] = None if deployment is None else deployment.for_service()

    @property
    def group(self) -> interfaces.ITargetGroupRef:
        """The target group that tasks register themselves with, given or made."""
        return self._group

    @property
    def role(self) -> iam.IRole:
        """The role by which ECS registers tasks."""
        return self._role

    def _configure(
        self, resource: ecs.CfnService, before: list[Any], group: interfaces.ITargetGroupRef, port_name: str
    ) -> None:
        configuration = ecs.CfnService.VpcLatticeConfigurationProperty(
            port_name=port_name, role_arn=self._role.role_arn, target_group_arn=group.target_group_ref.target_group_arn
        )
        resource.vpc_lattice_configurations = [*before, configuration]

    def _shift(self, resource: ecs.CfnService, index: int, deployment: EcsDeployment) -> None:
        # Younger than the oldest CDK that is supported, and written past the deployment configuration of the L2
        # construct, which cannot be read back from Python.
        advanced = {
            "AlternateTargetGroupArn": deployment.alternate.target_group_ref.target_group_arn,
            "ProductionListenerRule": arn_of(deployment.production),
        }
        if deployment.test is not None:
            advanced["TestListenerRule"] = arn_of(deployment.test)
        resource.add_property_override(f"VpcLatticeConfigurations.{index}.AdvancedConfiguration", advanced)
        for name, value in deployment.for_service().items():
            resource.add_property_override(f"DeploymentConfiguration.{name}", value)


def _resource(where: object, service: ecs.BaseService, deployment: EcsDeployment | None) -> ecs.CfnService:
    """The L1 construct of a service that VPC Lattice can have."""
    if isinstance(service, ecs.ExternalService):
        raise ArgumentError(f"{where}: VPC Lattice does not reach tasks of ECS Anywhere, such as {service.node.path}'s")
    resource = cast("ecs.CfnService", service.node.default_child)
    controller = cast("Any", resource.deployment_controller)
    type_ = None if controller is None else controller.type
    if type_ == "CODE_DEPLOY" or (deployment is not None and type_ not in (None, "ECS")):
        raise ArgumentError(
            f"{where}: the deployment controller of {service.node.path} must be ECS, got {type_}; "
            "leave deployment_controller out"
        )
    return resource


def _container_port(where: object, service: ecs.BaseService, name: str) -> int:
    mapping = service.task_definition.find_port_mapping_by_name(name)
    if mapping is None:
        raise ArgumentError(
            f"{where}: the task definition of {service.node.path} has no port mapping with the name {name!r}; "
            "give ecs.PortMapping(name=…) to a container before"
        )
    return int(mapping.container_port)


def _check_group(where: object, group: interfaces.ITargetGroupRef, prefix_lists: LatticePrefixLists | None) -> None:
    # Of groups that are not ours, nothing is known.
    if isinstance(group, TargetGroup) and not isinstance(group, IpTargetGroup):
        raise ArgumentError(
            f"{where}: tasks register with groups of IP addresses, got {group.node.path}; make an IpTargetGroup"
        )
    if isinstance(group, IpTargetGroup):
        ipv6 = group.ip_address_type is IpAddressType.IPV6
        check_prefix_lists(where, prefix_lists, f"target group {group.node.path}", ipv6=ipv6)


def _rules(deployment: EcsDeployment) -> list[str]:
    return [arn_of(each) for each in (deployment.production, deployment.test) if each is not None]


def _check_rules(
    where: object, deployment: EcsDeployment, group: interfaces.ITargetGroupRef | None, used: dict[str, str]
) -> None:
    if group is None:
        raise ArgumentError(
            f"{where}: the rules of the deployment forward to the group and to the alternate one; give group, too"
        )
    pair = [each.target_group_ref.target_group_arn for each in (group, deployment.alternate)]
    if pair[0] == pair[1]:
        raise ArgumentError(
            f"{where}: the alternate target group must be another one than the group; make a second one"
        )
    arns = _rules(deployment)
    if len(set(arns)) < len(arns):
        raise ArgumentError(f"{where}: test must be another rule than production; add one for requests that try")
    for name, rule in (("production", deployment.production), ("test", deployment.test)):
        if rule is None:
            continue
        if (user := used.get(arn_of(rule))) is not None:
            raise ArgumentError(f"{where}: {name} is a rule that {user} uses already; give each its own")
        _check_weights(where, name, rule, pair)
    _check_test_first(where, deployment)


def _check_weights(where: object, name: str, rule: object, pair: list[str]) -> None:
    # Of rules and listeners that are not ours, nothing is known.
    if not isinstance(rule, Rule | Listener):
        return
    action = rule.action if isinstance(rule, Rule) else rule.default_action
    weights = {each.group.target_group_ref.target_group_arn: each.weight for each in action.targets}
    if set(weights) != set(pair) or sorted(weights.values()) != [_EMPTY, _FULL]:
        raise ArgumentError(
            f"{where}: {name} must forward to the group and the alternate one, with the weights 100 and 0, which "
            f"{rule.node.path} does not; give it Action.forward(group, Weighted(group=alternate, weight=0))"
        )


def _check_test_first(where: object, deployment: EcsDeployment) -> None:
    # The default action of a listener comes last anyway.
    test, production = deployment.test, deployment.production
    if not isinstance(test, Rule) or not isinstance(production, Rule) or test.listener is not production.listener:
        return
    if test.priority > production.priority:
        raise ArgumentError(
            f"{where}: test must come before production, but {test.node.path} has priority {test.priority} and "
            f"{production.node.path} has {production.priority}; give it a lower one"
        )


def _check_shared(where: object, service: ecs.BaseService, deployment: EcsDeployment | None) -> None:
    mine = None if deployment is None else deployment.for_service()
    if service in _DEPLOYMENTS and _DEPLOYMENTS[service] != mine:
        raise ArgumentError(
            f"{where}: all target groups of {service.node.path} are deployed together; give each the same kind of "
            "deployment, with the same times"
        )
