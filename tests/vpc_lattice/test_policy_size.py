"""Auth policies have 10 KB at most, as they are deployed."""

import re
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import Auth, Method, Service, ServiceNetwork
from constructs_lattice.vpc_lattice.identifiers import Identified
from constructs_lattice.vpc_lattice.policy_size import MOST_BYTES, PolicySize

ENV = cdk.Environment(account="111111111111", region="eu-west-1")
OWN = {"Fn::GetAtt": ["Orders", "Arn"]}


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=ENV)


@jsii.implements(cdk.IStableAnyProducer)
class _Nothing:
    def produce(self) -> None:
        return None


def role(scope: cdk.Stack, number: int, **arguments: Any) -> iam.Role:
    return iam.Role(scope, f"Role{number}", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), **arguments)


@pytest.mark.parametrize(
    ("value", "deployed"),
    [
        ("a b", '"a b"'),
        (["ä", 1], '["ä",1]'),
        ({"A": {"B": "c"}}, '{"A":{"B":"c"}}'),
        ({"Ref": "AWS::AccountId"}, '"111111111111"'),
        ({"Ref": "AWS::Partition"}, '"aws"'),
        ({"Ref": "AWS::Region"}, '"eu-west-1"'),
        ({"Fn::Join": ["", ["x:", {"Ref": "AWS::Partition"}, ":y"]]}, '"x:aws:y"'),
        (OWN, '"arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-0123456789abcdef0"'),
        ({"Fn::GetAtt": ["Role", "Arn"]}, f'"arn:aws:iam::111111111111:role/{"x" * 64}"'),
        ({"Fn::ImportValue": "Other:Role"}, f'"arn:aws:iam::111111111111:role/{"x" * 64}"'),
        ({"Ref": "Parameter"}, f'"arn:aws:iam::111111111111:role/{"x" * 64}"'),
    ],
)
def test_what_the_deployment_knows_counts_with_its_longest_value(stack: cdk.Stack, value: Any, deployed: str) -> None:
    """Without blanks and newlines, in bytes."""
    assert PolicySize(stack, Identified.SERVICE, OWN).of(value) == len(deployed.encode())


def test_where_the_region_is_open_it_counts_with_the_longest() -> None:
    """And so does the partition."""
    size = PolicySize(cdk.Stack(cdk.App(), "Shop"), Identified.SERVICE, OWN)
    assert size.of({"Ref": "AWS::Region"}) == len('"ap-northeast-1"')
    assert size.of({"Ref": "AWS::Partition"}) == len('"aws-us-gov"')


def test_a_policy_that_is_certainly_fine_is_not_resolved() -> None:
    """Tokens count with the longest value, whatever type of the CDK they have."""
    token = cdk.Fn.import_value("Role")
    assert PolicySize.is_certainly_fine({"Statement": [token, cdk.Lazy.any(_Nothing()), "x" * 9_900]})
    assert not PolicySize.is_certainly_fine({"Statement": [token] * 80})
    assert not PolicySize.is_certainly_fine({"Statement": [cdk.Fn.split(",", token)] * 80})
    assert not PolicySize.is_certainly_fine({"Statement": ["ä" * 5_120]})


def test_a_policy_of_many_callers_fits_as_long_as_their_names_are_short(stack: cdk.Stack) -> None:
    """They are no longer than the names of the stack and of the role allow, or than they say themselves."""
    orders = Service(stack, "Orders", auth=Auth.iam())
    orders.grants.invoke(*(role(stack, number) for number in range(60)))
    orders.grants.invoke(*(role(stack, number, role_name=f"r{number}", path="/shop/") for number in range(60, 130)))
    resolved = stack.resolve(orders.auth_policy.document)
    size = PolicySize(stack, Identified.SERVICE, stack.resolve(orders.service_arn))
    assert size.of(resolved) > MOST_BYTES
    assert size.problem(resolved) is None
    assert size.of(resolved) < MOST_BYTES
    Template.from_stack(stack)


def test_a_policy_that_is_too_large_is_an_error(stack: cdk.Stack) -> None:
    """It says how large it is and what makes it so; merging comes first."""
    orders = Service(stack, "Orders")
    callers = [role(stack, number, role_name=f"a-role-with-a-rather-long-name-{number:03}") for number in range(160)]
    orders.grants.invoke(*callers, methods=[Method.GET])
    orders.grants.invoke(callers[0], paths=["/a", "/b"], methods=[Method.POST])
    with pytest.raises(RuntimeError) as caught:
        Template.from_stack(stack)
    (message,) = re.findall(r"\[Shop/Orders/AuthPolicy\] .*", str(caught.value))
    numbers = [int(number.replace(",", "")) for number in re.findall(r"([\d,]+) bytes", message)]
    assert numbers[0] > MOST_BYTES
    assert re.sub(r"[\d,]+ bytes", "N bytes", message) == (
        "[Shop/Orders/AuthPolicy] the auth policy has at least N bytes when it is deployed, and 10,240 is the most; "
        "the largest are statement 2 (N bytes, 160 principals, 1 resource), statement 3 (N bytes, 1 principal, "
        "2 resources), statement 1 (N bytes, 1 principal, 1 resource); grants of the same requests share a "
        "statement, and paths can have wildcards"
    )


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(each.entry.data) for each in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


def test_a_policy_that_may_be_too_large_is_a_warning(stack: cdk.Stack) -> None:
    """Callers whose ARNs only the deployment knows can be short, or long; whoever knows acknowledges it."""
    orders = Service(stack, "Orders", auth=Auth.iam())
    callers = [cdk.CfnParameter(stack, f"Role{number}").value_as_string for number in range(120)]
    orders.grants.invoke(*(iam.ArnPrincipal(arn) for arn in callers))
    (warning,) = warnings(stack)
    assert re.sub(r"[\d,]+ bytes", "N bytes", warning) == (
        "the auth policy can have N bytes when it is deployed, with the longest values for what the template "
        "leaves open, and 10,240 is the most; the largest are statement 1 (N bytes, 120 principals, 1 resource); "
        "grants of the same requests share a statement, and paths can have wildcards "
        "[ack: constructs-lattice:latticeAuthPolicySize]"
    )


def test_a_policy_that_may_be_too_large_can_be_acknowledged(stack: cdk.Stack) -> None:
    """At the service, for example."""
    orders = Service(stack, "Orders", auth=Auth.iam())
    callers = [cdk.CfnParameter(stack, f"Role{number}").value_as_string for number in range(120)]
    orders.grants.invoke(*(iam.ArnPrincipal(arn) for arn in callers))
    cdk.Annotations.of(orders).acknowledge_warning("constructs-lattice:latticeAuthPolicySize")
    assert warnings(stack) == []


def test_names_that_cloudformation_makes_are_at_least_so_long(stack: cdk.Stack) -> None:
    """What begins with the stack's and the resource's name does not turn out shorter than that."""
    orders = Service(stack, "Orders", auth=Auth.iam())
    orders.grants.invoke(*(role(stack, number) for number in range(170)))
    with pytest.raises(RuntimeError, match=r"the auth policy has at least 1\d,\d\d\d bytes"):
        Template.from_stack(stack)


def test_a_network_has_the_same_limit(stack: cdk.Stack) -> None:
    """Each caller counts once there, whatever it may do."""
    network = ServiceNetwork(stack, "Mesh", auth=Auth.iam())
    for name in ("Orders", "Carts"):
        service = Service(stack, name, service_networks=[network], auth=Auth.none())
        for number in range(60):
            arn = f"arn:aws:iam::222222222222:role/{'x' * 64}-{number:02}"
            service.grants.invoke(iam.ArnPrincipal(arn), paths=[f"/{number}"])
    Template.from_stack(stack)
    for number in range(60, 120):
        arn = f"arn:aws:iam::222222222222:role/{'x' * 64}-{number:02}"
        service.grants.invoke(iam.ArnPrincipal(arn))
    size = PolicySize(stack, Identified.SERVICE_NETWORK, stack.resolve(network.service_network_arn))
    assert "120 principals" in str(size.problem(stack.resolve(network.auth_policy.document)))
