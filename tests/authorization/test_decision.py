"""Decisions: their reasons, their assumptions, and what several of them come to."""

from dataclasses import replace

import pytest

from constructs_lattice.authorization import Answer, Authorizer, Caller, Level, Protocol, Request, across
from constructs_lattice.model.lattice import FixedResponse, Forward, Lattice, WeightedTargetGroup
from constructs_lattice.model.policies import IdentityPolicy
from constructs_lattice.model.unknown import Unknown
from tests.authorization.lattices import ALLOW_ALL, ALLOW_ALL_OF_ROLE, ANONYMOUS, LISTENER, WEB, Estate

pytestmark = pytest.mark.pure

PARAMETER = Unknown("it is a parameter")


def test_an_allow_says_why_at_every_level() -> None:
    """And what it rests on."""
    decision = Estate(identity=[ALLOW_ALL_OF_ROLE], network=[ALLOW_ALL]).ask(caller=WEB)
    assert [str(each) for each in decision.reasons] == [
        "LAT-1 S.Mesh: S.VpcInMesh connects S.Vpc to it",
        "LAT-3 S.VpcInMesh: TCP 80 from S.Vpc is let in",
        "LAT-6 S.Web: statement 0 of S.Web policy p allows it",
        "LAT-6 S.Mesh: statement 0 of S.MeshAuth allows it",
        "LAT-5 S.Api: the auth type is NONE, so nobody is asked",
        "LAT-11 the default action of S.Http: answers 404",
    ]
    assert decision.assumptions == (
        "ASSUME-LAT-2: the client's own security groups, network ACLs, routes and names let the request out",
        "ASSUME-LIMITS: service control policies, session policies and the like do not restrict the caller",
    )
    assert decision.service_network == "S.Mesh"


def test_what_was_assumed_of_the_templates_is_listed() -> None:
    """Next to what the decision itself rests on."""
    lattice = _with(Estate(service=()).lattice(), assumptions=("all stacks are in one account",))
    decision = Authorizer(lattice=lattice).authorize(ANONYMOUS, Request(service="S.Api", protocol=Protocol.HTTP))
    assert decision.assumptions == ("all stacks are in one account",)


def test_a_denial_names_who_refuses() -> None:
    """All of them; what passed is no reason."""
    deny = {**ALLOW_ALL, "Sid": "Never", "Effect": "Deny"}
    decision = Estate(network=(), service=[ALLOW_ALL, deny]).ask(caller=WEB)
    assert decision.denied_by == (Level.IDENTITY, Level.NETWORK, Level.SERVICE)
    assert decision.to_dict() == {"authorized": "deny", "denied_by": "identity"}
    assert [str(each).replace("${S.Api.Id}", "…") for each in decision.reasons] == [
        "LAT-6 S.Web: no identity policy of S.Web allows vpc-lattice-svcs:Invoke "
        "on arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-…/",
        "LAT-5 S.Mesh: the auth type is AWS_IAM and there is no auth policy, which denies everybody",
        "LAT-6 S.Api: statement Never of S.ApiAuth denies vpc-lattice-svcs:Invoke explicitly",
    ]


def test_the_boundary_is_part_of_the_identity() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html."""
    estate = Estate(identity=[ALLOW_ALL_OF_ROLE], boundary=[], network=[ALLOW_ALL])
    decision = estate.ask(caller=WEB)
    assert [str(each) for each in decision.reasons] == [
        "LAT-6 S.Web: the permissions boundary S.Fence does not allow vpc-lattice-svcs:Invoke"
    ]
    explicit = replace(estate, boundary=[ALLOW_ALL_OF_ROLE, {**ALLOW_ALL_OF_ROLE, "Effect": "Deny"}])
    assert [str(each) for each in explicit.ask(caller=WEB).reasons] == [
        "LAT-6 S.Web: statement 1 of S.Fence denies vpc-lattice-svcs:Invoke explicitly"
    ]


def test_where_it_would_go_may_be_unknown() -> None:
    """The answer says so, and the reasons why."""
    groups = (
        WeightedTargetGroup(target_group="S.A", weight=1),
        WeightedTargetGroup(target_group="S.B", weight=PARAMETER),
    )
    decision = Estate(listeners=(replace(LISTENER, default_action=Forward(target_groups=groups)),)).ask()
    assert decision.to_dict() == {"authorized": "allow", "routed_to": "unknown"}
    assert str(decision.reasons[-1]) == "LAT-11 S.Http: it is a parameter"


def test_cases_that_differ_are_unknown() -> None:
    """With what each of them says."""
    yes, no = Estate().ask(), Estate(service=()).ask()
    found = across([("Stage is prod", no), ("Stage is not prod", yes)])
    assert found.authorized is Answer.UNKNOWN
    assert found.denied_by == ()
    assert str(found.reasons[0]) == (
        "LAT-5 S.Api: the auth type is AWS_IAM and there is no auth policy, which denies everybody, if Stage is prod"
    )
    assert across([("", yes)]) == yes
    levels = {(each.level, each.truth.value, each.reasons[0].text[-17:]) for each in found.verdicts}
    assert {(Level.SERVICE, False, "if Stage is prod"), (Level.SERVICE, True, "Stage is not prod")} <= {
        (level, value, text.strip()) for level, value, text in levels
    }
    assert across([("a", yes), ("b", yes)]).verdicts == yes.verdicts
    both = across([("a", no), ("b", Estate(service=(), network=()).ask())])
    assert (both.authorized, both.denied_by) == (Answer.DENY, (Level.SERVICE,))


def test_cases_that_route_differently() -> None:
    """Allowed in both, and nobody knows where it goes."""
    other = Estate(listeners=(replace(LISTENER, default_action=FixedResponse(status_code=500)),))
    found = across([("Stage is prod", Estate().ask()), ("Stage is not prod", other.ask())])
    assert found.to_dict() == {"authorized": "allow", "routed_to": "unknown"}
    assert found.route is not None
    assert found.route.reasons == ("it depends on whether Stage is prod", "it depends on whether Stage is not prod")


def _with(lattice: Lattice, **changes: object) -> Lattice:
    return replace(lattice, **changes)  # type: ignore[arg-type] # fields of Lattice


def _asked(lattice: Lattice, caller: Caller | None = None) -> tuple[Answer, list[str]]:
    request = Request(service="S.Api", protocol=Protocol.HTTP)
    decision = Authorizer(lattice=lattice).authorize(caller or Caller(vpc="S.Vpc"), request)
    return decision.authorized, [each.text for each in decision.reasons]


def test_what_may_not_exist_leaves_it_open() -> None:
    """A network, a service, a policy, an association, a role."""
    lattice = Estate(service=[ALLOW_ALL]).lattice()
    (service,), (network,) = lattice.services.values(), lattice.networks.values()
    doubtful = [
        _with(lattice, services={"S.Api": replace(service, doubt=PARAMETER)}),
        _with(lattice, networks={"S.Mesh": replace(network, doubt=PARAMETER)}),
        _with(lattice, auth_policies=(replace(lattice.auth_policies[0], doubt=PARAMETER),)),
        _with(lattice, vpc_associations=(replace(lattice.vpc_associations[0], doubt=PARAMETER),)),
        _with(lattice, service_associations=(replace(lattice.service_associations[0], doubt=PARAMETER),)),
    ]
    for each in doubtful:
        answer, reasons = _asked(each)
        assert answer is Answer.UNKNOWN
        assert "it is a parameter" in reasons


def test_identities_in_doubt() -> None:
    """A policy that may be attached, a role that may not exist."""
    lattice = Estate(network=[ALLOW_ALL], identity=[ALLOW_ALL_OF_ROLE]).lattice()
    role = lattice.identities["S.Web"]
    assert _asked(lattice, WEB)[0] is Answer.ALLOW
    assert _asked(_with(lattice, identities={"S.Web": replace(role, doubt=PARAMETER)}), WEB)[0] is Answer.UNKNOWN
    (policy,) = role.policies
    perhaps = replace(role, policies=(replace(policy, doubt=PARAMETER),))
    assert _asked(_with(lattice, identities={"S.Web": perhaps}), WEB)[1][0] == "it is a parameter"


def test_a_service_has_one_auth_policy() -> None:
    """Two for the same one fail at deployment: nobody knows what is in force."""
    lattice = Estate(service=[ALLOW_ALL]).lattice()
    twice = _with(lattice, auth_policies=(*lattice.auth_policies, replace(lattice.auth_policies[0], id="S.Second")))
    answer, reasons = _asked(twice)
    assert answer is Answer.UNKNOWN
    assert "S.Api has several auth policies, and can only have one" in reasons


def test_an_auth_type_that_nobody_knows() -> None:
    """Matters only if the policy does not allow."""
    for statements, answer in (([ALLOW_ALL], Answer.ALLOW), ([{**ALLOW_ALL, "Resource": "*/x"}], Answer.UNKNOWN)):
        lattice = Estate(service=statements).lattice()
        service = replace(lattice.services["S.Api"], auth_type=PARAMETER)
        assert _asked(_with(lattice, services={"S.Api": service}))[0] is answer
    lattice = Estate().lattice()
    network = replace(lattice.networks["S.Mesh"], auth_type=PARAMETER)
    answer, reasons = _asked(_with(lattice, networks={"S.Mesh": network}), WEB)
    assert answer is Answer.UNKNOWN
    assert "it is a parameter" in reasons


@pytest.mark.parametrize(
    ("arn", "answer"),
    [
        ("arn:aws:iam::aws:policy/VPCLatticeServicesInvokeAccess", Answer.ALLOW),
        ("arn:aws:iam::aws:policy/AdministratorAccess", Answer.ALLOW),
        ("arn:aws:iam::aws:policy/PowerUserAccess", Answer.ALLOW),
        ("arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole", Answer.DENY),
        ("arn:aws:iam::aws:policy/VPCLatticeFullAccess", Answer.DENY),
        ("arn:aws:iam::aws:policy/SomethingElse", Answer.UNKNOWN),
        ("arn:aws:iam::111111111111:policy/AdministratorAccess", Answer.UNKNOWN),
    ],
)
def test_policies_that_aws_manages(arn: str, answer: Answer) -> None:
    """A few are known; relying on one is an assumption.

    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
    """
    lattice = Estate(network=[ALLOW_ALL]).lattice()
    policy = IdentityPolicy(id=arn, document=Unknown(f"the templates do not have the policy {arn}"))
    role = replace(lattice.identities["S.Web"], policies=(policy,))
    asked = Authorizer(lattice=_with(lattice, identities={"S.Web": role}))
    decision = asked.authorize(WEB, Request(service="S.Api", protocol=Protocol.HTTP))
    assert decision.authorized is answer
    name = arn.rpartition("/")[2]
    assumption = f"ASSUME-AWS-MANAGED: {name} is as the AWS Managed Policy Reference has it"
    assert (assumption in decision.assumptions) is (answer is not Answer.UNKNOWN)
