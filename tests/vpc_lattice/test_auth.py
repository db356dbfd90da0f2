"""Who may call: auth types and auth policies."""

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from constructs_lattice import ArgumentError, Auth, LatticePrefixLists, Service, ServiceNetwork
from constructs_lattice.vpc_lattice.auth import AuthType
from tests.vpc_lattice.policies import auth_statements


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _allow(principal: str = "arn:aws:iam::111111111111:role/web") -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["vpc-lattice-svcs:Invoke"], resources=["*"], principals=[iam.ArnPrincipal(principal)]
    )


def test_nobody_is_asked_with_none(stack: cdk.Stack) -> None:
    """No policy: it would have no effect."""
    Service(stack, "Orders", auth=Auth.none())
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::VpcLattice::Service", {"AuthType": "NONE"})
    template.resource_count_is("AWS::VpcLattice::AuthPolicy", 0)


def test_a_statement_without_effect_is_refused(stack: cdk.Stack) -> None:
    """On either level."""
    for level in (Service(stack, "Orders", auth=Auth.none()), ServiceNetwork(stack, "Mesh", auth=Auth.none())):
        with pytest.raises(ArgumentError) as caught:
            level.add_to_auth_policy(_allow())
        assert str(caught.value) == (f"{level.node.path}: a statement has no effect with Auth.none(); use Auth.iam()")


def test_one_policy_grows(stack: cdk.Stack) -> None:
    """What is added later is in the same policy: a resource has one."""
    service = Service(stack, "Orders", auth=Auth.iam(_allow()))
    service.add_to_auth_policy(_allow("arn:aws:iam::111111111111:role/batch"))
    (policy,) = Template.from_stack(stack).find_resources("AWS::VpcLattice::AuthPolicy").values()
    assert policy["Properties"]["ResourceIdentifier"] == stack.resolve(service.service_arn)
    principals = [each["Principal"]["AWS"] for each in policy["Properties"]["Policy"]["Statement"]]
    assert principals == ["arn:aws:iam::111111111111:role/web", "arn:aws:iam::111111111111:role/batch"]


def test_what_is_granted_after_a_look_at_the_policy_is_in_it(stack: cdk.Stack) -> None:
    """Whoever resolves the resource early, such as an aspect, does not end what it says."""
    service = Service(stack, "Orders", auth=Auth.iam(_allow()))
    assert service.auth_policy.resource is not None
    assert len(stack.resolve(service.auth_policy.resource.policy)["Statement"]) == 1
    service.add_to_auth_policy(_allow("arn:aws:iam::111111111111:role/batch"))
    service.grants.invoke(iam.ArnPrincipal("arn:aws:iam::111111111111:role/late"))
    principals = [each["Principal"]["AWS"] for each in auth_statements(service)]
    assert principals == [f"arn:aws:iam::111111111111:role/{name}" for name in ("web", "batch", "late")]


def test_a_policy_can_begin_empty(stack: cdk.Stack) -> None:
    """When everybody is to be denied, or the statements come later."""
    Service(stack, "Closed", auth=Auth.deny_all())
    Service(stack, "Later", auth=Auth.iam()).add_to_auth_policy(_allow())
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::VpcLattice::AuthPolicy", 1)
    assert {
        each["Properties"]["AuthType"] for each in template.find_resources("AWS::VpcLattice::Service").values()
    } == {"AWS_IAM"}


def test_iam_without_a_policy_is_an_error(stack: cdk.Stack) -> None:
    """It denies everybody, which hardly anybody means; it is found when all statements are there."""
    ServiceNetwork(stack, "Mesh", auth=Auth.iam())
    with pytest.raises(RuntimeError) as caught:
        Template.from_stack(stack)
    assert (
        "[Shop/Mesh/AuthPolicy] Auth.iam() without any statement denies everybody; add one, or say Auth.deny_all()"
        in str(caught.value)
    )


def test_a_policy_that_only_denies_is_an_error(stack: cdk.Stack) -> None:
    """It lets in nobody, as none would; unless that is said, or somebody is granted something."""
    deny = iam.PolicyStatement(
        effect=iam.Effect.DENY,
        actions=["vpc-lattice-svcs:Invoke"],
        resources=["*"],
        principals=[iam.ArnPrincipal("arn:aws:iam::111111111111:role/batch")],
    )
    Service(stack, "Closed", auth=Auth.deny_all()).add_to_auth_policy(deny)
    Service(stack, "Granted", auth=Auth.iam(deny)).grants.invoke(iam.ArnPrincipal("arn:aws:iam::111111111111:role/web"))
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::AuthPolicy", 2)
    other = cdk.Stack(cdk.App(), "Shop")
    Service(other, "Orders", auth=Auth.iam(deny))
    with pytest.raises(RuntimeError) as caught:
        Template.from_stack(other)
    assert (
        "[Shop/Orders/AuthPolicy] the auth policy only denies, so nobody is let in; add what allows, or say "
        "Auth.deny_all()"
    ) in str(caught.value)


def test_a_policy_that_is_too_large_is_an_error(stack: cdk.Stack) -> None:
    """AWS takes 10 KB, and does not raise that quota; statements that are written by hand are not merged."""
    service = Service(stack, "Orders", auth=Auth.iam())
    for number in range(80):
        service.add_to_auth_policy(_allow(f"arn:aws:iam::111111111111:role/a-role-with-a-name-{number:04}"))
    with pytest.raises(RuntimeError) as caught:
        Template.from_stack(stack)
    assert (
        "[Shop/Orders/AuthPolicy] the auth policy has at least 11,718 bytes when it is deployed, and 10,240 is the "
        "most; the largest are statement 1 (145 bytes, 1 principal, 1 resource), statement 2 (145 bytes, 1 principal, "
        "1 resource), statement 3 (145 bytes, 1 principal, 1 resource); grants of the same requests share a statement, "
        "and paths can have wildcards"
    ) in str(caught.value)


def test_what_two_share_is_not_changed_by_one(stack: cdk.Stack) -> None:
    """The same value for two services makes two policies; a statement added to one is not in the other."""
    auth = Auth.same_account()
    first, second = (Service(stack, name, auth=auth) for name in ("First", "Second"))
    first.add_to_auth_policy(_allow())
    assert first.auth_policy.document is not second.auth_policy.document
    policies = Template.from_stack(stack).find_resources("AWS::VpcLattice::AuthPolicy").values()
    assert sorted(len(each["Properties"]["Policy"]["Statement"]) for each in policies) == [1, 2]


def test_the_policy_is_there_as_soon_as_it_says_something(stack: cdk.Stack) -> None:
    """And not only when aspects are visited, as in an earlier attempt elsewhere: they see it like everything else."""
    service = Service(stack, "Orders", auth=Auth.iam())
    assert service.auth_policy.resource is None
    assert service.auth_policy.document is None
    service.add_to_auth_policy(_allow())
    resource = service.auth_policy.resource
    assert resource is not None
    assert resource.node.path == "Shop/Orders/AuthPolicy/Resource"
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::AuthPolicy", 1)


def test_a_statement_of_one_s_own_says_all_that_it_needs(stack: cdk.Stack) -> None:
    """CloudFormation would find out at deployment only."""
    Service(stack, "Orders").add_to_auth_policy(iam.PolicyStatement(actions=["vpc-lattice-svcs:Invoke"]))
    with pytest.raises(RuntimeError, match="must specify at least one IAM principal"):
        Template.from_stack(stack)


def test_what_is_said_where_nobody_is_asked_is_refused() -> None:
    """By whatever way the value was made."""
    with pytest.raises(ArgumentError) as caught:
        Auth(type=AuthType.NONE, statements=(_allow(),))
    assert str(caught.value) == "auth: a statement has no effect where nobody is asked; use Auth.iam()"


def test_statements_for_other_policies_are_made_anew() -> None:
    """Those of Kubernetes are written from the same value."""
    auth = Auth.same_account(_allow())
    first, second = auth.all_statements(), auth.all_statements()
    assert [each.to_json() for each in first] == [each.to_json() for each in second]
    assert first[0] is not second[0]


@pytest.mark.parametrize("id_", ["pl-63a5400a", "pl-0123456789abcdef0"])
def test_prefix_lists_by_their_ids(id_: str) -> None:
    """Short and long ones."""
    assert LatticePrefixLists.of(ipv4=id_).ipv4 == id_


def test_an_id_that_is_none_is_refused() -> None:
    """Such as an address."""
    with pytest.raises(ArgumentError) as caught:
        LatticePrefixLists.of(ipv4="169.254.171.0/24")
    assert str(caught.value) == (
        "prefix lists: ipv4 must be the id of a prefix list such as pl-0123456789abcdef0, got '169.254.171.0/24'"
    )


def test_prefix_lists_as_a_parameter(stack: cdk.Stack) -> None:
    """For stacks that are deployed anywhere; tokens pass."""
    lists = LatticePrefixLists.from_parameters(stack)
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")
    lists.allow_from(group, 8080)
    template = Template.from_stack(stack)
    template.has_parameter("LatticePrefixList", {"Type": "String", "AllowedPattern": "^pl-[0-9a-f]{8,17}$"})
    template.has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"SourcePrefixListId": {"Ref": "LatticePrefixList"}, "FromPort": 8080}
    )


def test_prefix_lists_by_lookup() -> None:
    """In a stack with an environment; the lists of both families, by their names."""
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(cdk.App(), "Shop", env=env)
    lists = LatticePrefixLists.from_lookup(stack)
    assert lists.ipv6 is not None
    assembly = Path(stack.node.root.synth().directory)  # type: ignore[attr-defined]
    missing = json.loads((assembly / "manifest.json").read_text())["missing"]
    assert [each["props"]["propertyMatch"]["PrefixListName"] for each in missing] == [
        "com.amazonaws.eu-west-1.vpc-lattice",
        "com.amazonaws.eu-west-1.ipv6.vpc-lattice",
    ]


def test_a_lookup_needs_an_environment(stack: cdk.Stack) -> None:
    """The message offers the other ways."""
    with pytest.raises(ArgumentError) as caught:
        LatticePrefixLists.from_lookup(stack)
    assert str(caught.value) == (
        "Shop: prefix lists are looked up in an account and a region, but the stack has no env; "
        "give it one, or use LatticePrefixLists.of or LatticePrefixLists.from_parameters"
    )
