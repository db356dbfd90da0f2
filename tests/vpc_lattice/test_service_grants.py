"""Grants: the caller's policy, the service's and the network's, all by one statement."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import ArgumentError, Auth, HeaderMatch, Method, Service, ServiceNetwork
from tests.vpc_lattice.policies import arn_and, auth_statements, identity_statements

INVOKE = "vpc-lattice-svcs:Invoke"
OTHERS = "arn:aws:iam::222222222222:role/web"
SERVICE = "arn:aws:vpc-lattice:eu-west-1:222222222222:service/svc-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


def role(scope: cdk.Stack, id_: str = "Web", **arguments: Any) -> iam.Role:
    return iam.Role(scope, id_, assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"), **arguments)


def test_all_three_policies_hear_of_a_grant(stack: cdk.Stack) -> None:
    """The caller's and the service's say what, the network's only who."""
    network = ServiceNetwork(stack, "Mesh", auth=Auth.iam())
    orders = Service(stack, "Orders", service_networks=[network], auth=Auth.iam())
    web = role(stack)
    orders.grants.invoke(web, methods=[Method.GET, Method.PATCH], paths=["/orders", "/orders/*"])
    condition = {"StringEquals": {"vpc-lattice-svcs:RequestMethod": ["GET", "PATCH"]}}
    resources = [arn_and(stack, orders, "/orders"), arn_and(stack, orders, "/orders/*")]
    allowed = {"Action": INVOKE, "Effect": "Allow"}
    principal = {"AWS": stack.resolve(web.role_arn)}
    assert identity_statements(stack) == [allowed | {"Condition": condition, "Resource": resources}]
    assert auth_statements(orders) == [
        allowed | {"Condition": condition, "Principal": principal, "Resource": resources}
    ]
    assert auth_statements(network) == [allowed | {"Principal": principal, "Resource": "*"}]


def test_a_grant_of_everything_never_has_a_bare_arn(stack: cdk.Stack) -> None:
    """A service's ARN without a path matches no request."""
    orders = Service(stack, "Orders", auth=Auth.iam())
    orders.grants.invoke(role(stack))
    assert identity_statements(stack)[0]["Resource"] == arn_and(stack, orders, "/*")
    assert auth_statements(orders)[0]["Resource"] == "*"


@pytest.mark.parametrize("joined", ["before", "after"])
def test_a_network_hears_of_grants_before_and_after(stack: cdk.Stack, joined: str) -> None:
    """Whether the service comes into the network first or the grant is made first."""
    network = ServiceNetwork(stack, "Mesh", auth=Auth.deny_all())
    orders = Service(stack, "Orders")
    web = role(stack)
    if joined == "before":
        network.add_service("Orders", orders)
    orders.grants.invoke(web)
    if joined == "after":
        network.add_service("Orders", orders)
    assert [each["Principal"] for each in auth_statements(network)] == [{"AWS": stack.resolve(web.role_arn)}]


def test_a_network_does_not_grow_with_methods_and_paths(stack: cdk.Stack) -> None:
    """One statement, with each caller once, for all services in it."""
    network = ServiceNetwork(stack, "Mesh", auth=Auth.iam())
    web, batch = role(stack), role(stack, "Batch")
    for name in ("Orders", "Carts"):
        service = Service(stack, name, service_networks=[network], auth=Auth.iam())
        for path in ("/a", "/b"):
            service.grants.invoke(web, batch, methods=[Method.GET], paths=[path])
    (statement,) = auth_statements(network)
    assert statement["Principal"] == {"AWS": [stack.resolve(each.role_arn) for each in (web, batch)]}


@pytest.mark.parametrize("auth", [Auth.same_account(), Auth.accounts("111111111111"), Auth.authenticated()])
def test_a_network_that_lets_the_caller_in_stays_as_it_is(stack: cdk.Stack, auth: Auth) -> None:
    """Five hundred services with their callers would not fit into its policy."""
    network = ServiceNetwork(stack, "Mesh", auth=auth)
    before = network.auth_policy.document
    Service(stack, "Orders", service_networks=[network]).grants.invoke(role(stack))
    assert network.auth_policy.document == before


def test_a_network_lets_in_whom_it_did_not_know(stack: cdk.Stack) -> None:
    """The own account is let in, another one's role is named."""
    network = ServiceNetwork(stack, "Mesh")
    Service(stack, "Orders", service_networks=[network]).grants.invoke(iam.ArnPrincipal(OTHERS))
    assert auth_statements(network)[1:] == [
        {"Action": INVOKE, "Effect": "Allow", "Principal": {"AWS": OTHERS}, "Resource": "*"}
    ]


def test_a_network_of_vpcs_stays_one(stack: cdk.Stack) -> None:
    """A caller that was named there would be let in from everywhere."""
    network = ServiceNetwork(stack, "Mesh", auth=Auth.vpcs("vpc-0123456789abcdef0"))
    Service(stack, "Orders", service_networks=[network]).grants.invoke(role(stack))
    assert len(auth_statements(network)) == 1


def test_where_nobody_is_asked_nothing_is_written(stack: cdk.Stack) -> None:
    """The caller's own policy still is: it signs its requests, and may have to pass the network."""
    network = ServiceNetwork(stack, "Mesh", auth=Auth.iam())
    orders = Service(stack, "Orders", service_networks=[network], auth=Auth.none())
    orders.grants.invoke(role(stack), paths=["/orders"])
    assert auth_statements(orders) == []
    assert len(identity_statements(stack)) == len(auth_statements(network)) == 1


def test_headers_and_parameters_are_conditions(stack: cdk.Stack) -> None:
    """In the auth policy and in the identity policy alike; wildcards where a part is meant."""
    orders = Service(stack, "Orders", auth=Auth.iam())
    orders.grants.invoke(
        role(stack),
        headers=[
            HeaderMatch.exact("X-Tenant", "Blue"),
            HeaderMatch.exact("x-stage", "beta*", case_sensitive=True),
            HeaderMatch.prefix("x-client", "shop-", case_sensitive=True),
            HeaderMatch.contains("x-trace", "1/2"),
        ],
        query={"page": "1", "sort": ["name", "price*"]},
    )
    key = "vpc-lattice-svcs:RequestHeader/"
    condition = {
        "StringEquals": {f"{key}x-stage": "beta*"},
        "StringEqualsIgnoreCase": {f"{key}x-tenant": "Blue"},
        "StringLike": {f"{key}x-client": "shop-*", f"{key}x-trace": "*1/2*"},
        **{
            f"{every}:{operator}": {f"vpc-lattice-svcs:RequestQueryString/{parameter}": values}
            for every in ("ForAllValues", "ForAnyValue")
            for operator, parameter, values in (
                ("StringEquals", "page", "1"),
                ("StringLike", "sort", ["name", "price*"]),
            )
        },
    }
    assert auth_statements(orders)[0]["Condition"] == condition
    assert identity_statements(stack)[0]["Condition"] == condition


def test_a_call_of_grpc_is_a_post_of_its_path(stack: cdk.Stack) -> None:
    """As the documentation of VPC Lattice writes it."""
    parking = Service(stack, "Parking", auth=Auth.iam())
    parking.grants.invoke(role(stack), methods=[Method.POST], paths=["/api.parking/GetRates"])
    (statement,) = auth_statements(parking)
    assert statement["Resource"] == arn_and(stack, parking, "/api.parking/GetRates")
    assert statement["Condition"] == {"StringEquals": {"vpc-lattice-svcs:RequestMethod": "POST"}}


def test_whatever_has_a_role_is_a_caller(stack: cdk.Stack) -> None:
    """A function, a task definition, an ECS service, a user."""
    orders = Service(stack, "Orders", auth=Auth.iam())
    code = lambda_.Code.from_inline("pass")
    function = lambda_.Function(stack, "F", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handle", code=code)
    tasks = ecs.FargateTaskDefinition(stack, "Tasks")
    tasks.add_container("app", image=ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/httpd:2.4"))
    containers = ecs.FargateService(stack, "Containers", cluster=ecs.Cluster(stack, "C"), task_definition=tasks)
    user = iam.User(stack, "User")
    orders.grants.invoke(function, tasks, user)
    orders.grants.invoke(containers)
    assert function.role is not None
    principals = [function.role.role_arn, tasks.task_role.role_arn, user.user_arn]
    (statement,) = auth_statements(orders)
    assert statement["Principal"] == {"AWS": [stack.resolve(arn) for arn in principals]}


def test_everybody_can_be_granted_what_one_service_does(stack: cdk.Stack) -> None:
    """Who does not sign is let through the network for that, and for nothing else."""
    network = ServiceNetwork(stack, "Mesh")
    status = Service(stack, "Status", service_networks=[network], auth=Auth.iam())
    status.grants.invoke(iam.AnyPrincipal(), methods=[Method.GET], paths=["/status"])
    expected = {
        "Action": INVOKE,
        "Condition": {"StringEquals": {"vpc-lattice-svcs:RequestMethod": "GET"}},
        "Effect": "Allow",
        "Principal": "*",
        "Resource": arn_and(stack, status, "/status"),
    }
    assert auth_statements(status) == auth_statements(network)[1:] == [expected]
    assert identity_statements(stack) == []


def test_an_organization_keeps_its_condition(stack: cdk.Stack) -> None:
    """The principal is everybody then, and the condition says who is meant."""
    network = ServiceNetwork(stack, "Mesh")
    orders = Service(stack, "Orders", service_networks=[network], auth=Auth.iam())
    orders.grants.invoke(iam.OrganizationPrincipal("o-a1b2c3d4e5"))
    for statement in (auth_statements(orders)[0], auth_statements(network)[1]):
        assert statement["Principal"] == "*"
        assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}


def test_a_condition_need_not_mean_a_signature(stack: cdk.Stack) -> None:
    """Whoever is in a VPC may be anybody: the network lets through what is granted, and nothing else."""
    network = ServiceNetwork(stack, "Mesh", auth=Auth.authenticated())
    status = Service(stack, "Status", service_networks=[network], auth=Auth.iam())
    in_vpc = {"StringEquals": {"vpc-lattice-svcs:SourceVpc": "vpc-0123456789abcdef0"}}
    status.grants.invoke(iam.PrincipalWithConditions(iam.AnyPrincipal(), in_vpc), paths=["/status"])
    expected = {
        "Action": INVOKE,
        "Condition": in_vpc,
        "Effect": "Allow",
        "Principal": "*",
        "Resource": arn_and(stack, status, "/status"),
    }
    assert auth_statements(status) == auth_statements(network)[1:] == [expected]


def test_everybody_and_a_service_that_exists_already(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    """Its ARN is known, so a network of another stack can name it."""
    shop, web = stacks
    network = ServiceNetwork(shop, "Mesh")
    status = Service.from_service_arn(web, "Status", SERVICE)
    network.add_service("Status", status)
    status.grants.invoke(iam.AnyPrincipal(), paths=["/status"])
    assert auth_statements(network)[1]["Resource"] == f"{SERVICE}/status"


def test_the_partition_is_the_deployment_s(stack: cdk.Stack) -> None:
    """An account is a principal whose ARN depends on it."""
    orders = Service(stack, "Orders", auth=Auth.iam())
    orders.grants.invoke(iam.AccountPrincipal("222222222222"))
    (statement,) = auth_statements(orders)
    assert statement["Principal"]["AWS"]["Fn::Join"][1][1] == {"Ref": "AWS::Partition"}


def test_a_grant_on_one_service_is_not_on_another(stack: cdk.Stack) -> None:
    """Though both were given the same value for who may call: an earlier attempt elsewhere leaked it to all."""
    auth = Auth.authenticated()
    first, second = (Service(stack, name, auth=auth) for name in ("First", "Second"))
    first.grants.invoke(role(stack), paths=["/orders"])
    assert [len(auth_statements(each)) for each in (first, second)] == [2, 1]


def test_a_service_that_exists_already(stack: cdk.Stack) -> None:
    """The caller's policy is written here, the service's by its owner."""
    orders = Service.from_service_arn(stack, "Orders", SERVICE)
    orders.grants.invoke(role(stack), methods=[Method.GET], paths=["/orders/*"])
    assert identity_statements(stack)[0]["Resource"] == f"{SERVICE}/orders/*"
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::AuthPolicy", 0)


def test_a_network_of_another_account_cannot_be_written(stack: cdk.Stack) -> None:
    """Nor can one that is imported; that somebody else has to do it is said, once, and can be acknowledged."""
    arn = "arn:aws:vpc-lattice:eu-west-1:222222222222:servicenetwork/sn-0123456789abcdef0"
    network = ServiceNetwork.from_service_network_arn(stack, "Theirs", arn)
    orders = Service(stack, "Orders", service_networks=[network])
    for path in ("/a", "/b"):
        orders.grants.invoke(role(stack, path[1:]), paths=[path])
    Annotations.from_stack(stack).has_info(
        "/Shop/Orders",
        Match.string_like_regexp(
            "the auth policy of Shop/Theirs is not this app's; its owner has to let the callers in"
        ),
    )
    assert len(Annotations.from_stack(stack).find_info("*", Match.any_value())) == 1


@pytest.fixture
def stacks(stack: cdk.Stack) -> tuple[cdk.Stack, cdk.Stack]:
    """One for the service, one for the caller, in one account."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    return stack, cdk.Stack(app, "Web", env=cdk.Environment(account="111111111111", region="eu-west-1"))


def test_a_caller_of_another_stack_is_called_by_its_name(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    """Its stack refers to the service, so the service's stack must not refer to it."""
    shop, web = stacks
    orders = Service(shop, "Orders", auth=Auth.iam())
    orders.grants.invoke(role(web, role_name="web", path="/shop/"))
    (statement,) = auth_statements(orders)
    assert statement["Principal"] == {
        "AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::111111111111:role/shop/web"]]}
    }
    assert len(identity_statements(web)) == 1
    assert web.dependencies == [shop]


def test_a_caller_of_another_stack_without_a_name(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    """Its account will do where that is let in; where nobody is, the message says what to do."""
    shop, web = stacks
    Service(shop, "Orders").grants.invoke(role(web))
    closed = Service(shop, "Closed", auth=Auth.deny_all())
    with pytest.raises(ArgumentError) as caught:
        closed.grants.invoke(role(web, "Other"))
    assert str(caught.value) == (
        "Shop/Closed: the auth policy of Shop/Closed cannot name Web/Other, which another stack makes: the stacks "
        "would depend on each other; give it a name of its own, such as a role_name, or let its account in, by "
        "Auth.same_account()"
    )
    assert len(identity_statements(web)) == 1


@pytest.mark.parametrize(
    ("account", "region", "differs"),
    [("222222222222", "eu-west-1", "account"), ("111111111111", "us-east-1", "region")],
)
def test_a_caller_of_another_account_or_region(stack: cdk.Stack, account: str, region: str, differs: str) -> None:
    """Both halves are written where they belong; the half that cannot be is named, not carried over."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    theirs = cdk.Stack(app, "Theirs", env=cdk.Environment(account=account, region=region))
    orders = Service(stack, "Orders", auth=Auth.iam())
    web = role(theirs, role_name="web")
    orders.grants.invoke(web)
    partition = {"Ref": "AWS::Partition"}
    assert auth_statements(orders)[0]["Principal"] == {
        "AWS": {"Fn::Join": ["", ["arn:", partition, f":iam::{account}:role/web"]]}
    }
    assert identity_statements(theirs) == []
    Annotations.from_stack(stack).has_warning(
        "/Shop/Orders",
        Match.string_like_regexp(
            f"the identity policy of Theirs/Web, in another {differs}, cannot name this service; grant it there, by "
            "Service.from_service_arn"
        ),
    )


def test_everybody_and_a_network_of_another_stack(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    """The network's policy cannot name the service, and letting everybody in everywhere would be too much."""
    shop, web = stacks
    network = ServiceNetwork(shop, "Mesh")
    status = Service(web, "Status", service_networks=[network])
    with pytest.raises(ArgumentError) as caught:
        status.grants.invoke(iam.AnyPrincipal())
    assert str(caught.value) == (
        "Web/Status: the auth policy of Shop/Mesh cannot name the service, which another stack makes: the stacks would "
        "depend on each other; let everybody into the network there, by Auth.none() or a statement"
    )


def test_an_association_that_failed_does_not_count(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    """A network that cannot let the callers in is not joined."""
    shop, web = stacks
    status = Service(web, "Status", auth=Auth.iam())
    status.grants.invoke(iam.AnyPrincipal())
    network = ServiceNetwork(shop, "Mesh")
    for _ in range(2):
        with pytest.raises(ArgumentError, match="cannot name the service, which another stack makes"):
            network.add_service("Status", status)
    assert network.node.try_find_child("Status") is None


def refused(stack: cdk.Stack) -> dict[str, Any]:
    return {
        "group": (
            iam.Group(stack, "Group"),
            "Shop/Orders: no policy names a group, got Shop/Group; grant it to its users, or to a role",
        ),
        "function": (
            lambda_.Function.from_function_arn(stack, "F", "arn:aws:lambda:eu-west-1:111111111111:function:f"),
            "Shop/Orders: Shop/F is imported without its role, which would be granted; import it, too",
        ),
        "stack": (
            stack,
            "Shop/Orders: Shop is no caller; grant it to a role, a function or an ECS service",
        ),
        "identity provider": (
            iam.WebIdentityPrincipal("cognito-identity.amazonaws.com"),
            "Shop/Orders: no auth policy names a principal of the kind Federated, got 'cognito-identity.amazonaws.com';"
            " requests are signed by a role or a user: grant it to that one",
        ),
        "pattern": (
            iam.ArnPrincipal("arn:aws:iam::111111111111:role/web-*"),
            "Shop/Orders: a policy names each principal in full, got 'arn:aws:iam::111111111111:role/web-*'; use "
            'iam.AccountPrincipal(…).with_conditions({"ArnLike": {"aws:PrincipalArn": …}})',
        ),
    }


@pytest.mark.parametrize("name", ["group", "function", "stack", "identity provider", "pattern"])
def test_who_cannot_be_named_is_refused(stack: cdk.Stack, name: str) -> None:
    """Before anything is written."""
    orders = Service(stack, "Orders", auth=Auth.deny_all())
    grantee, message = refused(stack)[name]
    with pytest.raises(ArgumentError) as caught:
        orders.grants.invoke(role(stack), grantee)
    assert str(caught.value) == message
    assert auth_statements(orders) == identity_statements(stack) == []


def test_one_account_or_service_is_listed_once(stack: cdk.Stack) -> None:
    """However many objects of the CDK stand for it."""
    network = ServiceNetwork(stack, "Mesh", auth=Auth.iam())
    orders = Service(stack, "Orders", service_networks=[network], auth=Auth.iam())
    for path in ("/a", "/b"):
        orders.grants.invoke(
            iam.AccountPrincipal("222222222222"),
            iam.AccountPrincipal("222222222222"),
            iam.AccountRootPrincipal(),
            iam.ServicePrincipal("x.amazonaws.com"),
            paths=[path],
        )
    partition = {"Ref": "AWS::Partition"}
    principal = {
        "AWS": [
            {"Fn::Join": ["", ["arn:", partition, f":iam::{account}:root"]]}
            for account in ("222222222222", "111111111111")
        ],
        "Service": "x.amazonaws.com",
    }
    for level in (network, orders):
        (statement,) = auth_statements(level)
        assert statement["Principal"] == principal


def test_somebody_has_to_be_named(stack: cdk.Stack) -> None:
    """A grant to nobody is a mistake."""
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Orders").grants.invoke()
    assert str(caught.value) == "Shop/Orders: there is nobody to grant it to; name a role"
