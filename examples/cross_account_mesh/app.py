"""A mesh of three accounts: one has the service network, one a service, one a VPC whose clients call it.

Each stack is deployed to its own account, and knows of the others by parameters: ids of accounts, ARNs and a domain
name. What a call needs is said by each account for itself:

- The network's account shares the network, and lets the callers' account in.
- The service's account lets that account send the requests that it means for it.
- The callers' account says by the identity policy of a role which of its callers that is.

Deploy the network first, then the service, then the client.
"""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from constructs_lattice import (
    AccessLogs,
    Action,
    Auth,
    Guarantees,
    LambdaTargetGroup,
    LatticePrefixLists,
    Match,
    Method,
    Principals,
    Service,
    ServiceNetwork,
    Tier,
    Vpc,
)

ORDERS = "/orders/*"
SERVICE_NETWORK = "arn:[^:]+:vpc-lattice:[^:]+:[0-9]{12}:servicenetwork/sn-[0-9a-z]{17}"
SERVICE = "arn:[^:]+:vpc-lattice:[^:]+:[0-9]{12}:service/svc-[0-9a-z]{17}"


class NetworkStack(cdk.Stack):
    """The service network, for the account of the platform team."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A service network that is shared with two accounts")
        orders = _account(self, "OrdersAccount", "The account with the service")
        shop = _account(self, "ShopAccount", "The account with the callers")
        log_group = logs.LogGroup(self, "Requests", retention=logs.RetentionDays.ONE_YEAR)
        network = ServiceNetwork(
            self, "Network", auth=Auth.accounts(shop), access_logs=[AccessLogs.to_cloud_watch(log_group)]
        )
        network.share("Share", principals=Principals.of_accounts(orders, shop))
        cdk.CfnOutput(self, "ServiceNetwork", value=network.service_network_arn)


class OrdersStack(cdk.Stack):
    """The service, for the account of the team that runs it."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A service in another account's service network")
        shop = _account(self, "ShopAccount", "The account with the callers")
        network = ServiceNetwork.from_service_network_arn(
            self, "Network", _arn(self, "ServiceNetwork", "The ARN of the service network", SERVICE_NETWORK)
        )
        orders = Service(self, "Orders", service_networks=[network], auth=Auth.iam())
        https = orders.add_listener("Https", default_action=Action.fixed_response(404))
        # Which role it is, the other account decides.
        https.add_rule(
            "Read",
            match=Match.path_prefix("/orders/", method=Method.GET),
            action=Action.forward(LambdaTargetGroup(self, "Target", function=_function(self, "Function", _ANSWER))),
            allow=[iam.AccountPrincipal(shop)],
        )
        cdk.CfnOutput(self, "Service", value=orders.service_arn)
        cdk.CfnOutput(self, "DomainName", value=orders.domain_name)


class ShopStack(cdk.Stack):
    """A client in a VPC, for the account of the team that calls."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A client of another account's service")
        network = ServiceNetwork.from_service_network_arn(
            self, "Network", _arn(self, "ServiceNetwork", "The ARN of the service network", SERVICE_NETWORK)
        )
        orders = Service.from_service_arn(self, "Orders", _arn(self, "Service", "The ARN of the service", SERVICE))
        domain_name = cdk.CfnParameter(self, "DomainName", description="The domain name of the service")
        vpc = Vpc(self, "Vpc", cidr="10.80.0.0/16", tiers=[Tier.isolated("app")])
        guard, clients = (
            ec2.SecurityGroup(self, name, vpc=vpc, description=description, allow_all_outbound=False)
            for name, description in (("Guard", "The way into the service network"), ("Clients", "Clients of services"))
        )
        network.add_vpc_association(
            "Vpc", vpc=vpc, security_groups=[guard], prefix_lists=LatticePrefixLists.from_parameters(self)
        )
        network.allow_client(clients)
        client = _function(
            self,
            "Client",
            _CALL,
            environment={"HOST": domain_name.value_as_string},
            vpc=vpc,
            vpc_subnets=vpc.tier("app").selection,
            security_groups=[clients],
        )
        orders.grants.invoke(client, methods=[Method.GET], paths=[ORDERS])
        if client.role is not None:
            _acknowledge(client.role, f"IAM5[Resource::<Service>{ORDERS}]", "It may read every order.")


_ANSWER = "def handle(event, context):\n    return {'statusCode': 200, 'body': '{}'}\n"

# VPC Lattice takes requests that are signed, but for their payload.
_CALL = """\
import os, urllib.request
import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest


def handle(event, context):
    request = AWSRequest(
        "GET",
        f"https://{os.environ['HOST']}/orders/1",
        headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"},
    )
    request.context["payload_signing_enabled"] = False
    credentials = botocore.session.Session().get_credentials()
    SigV4Auth(credentials, "vpc-lattice-svcs", os.environ["AWS_REGION"]).add_auth(request)
    signed = urllib.request.Request(request.url, headers=dict(request.headers))
    with urllib.request.urlopen(signed, timeout=5) as answer:
        return {"status": answer.status}
"""


def _account(stack: cdk.Stack, name: str, description: str) -> str:
    return cdk.CfnParameter(stack, name, description=description, allowed_pattern="[0-9]{12}").value_as_string


def _arn(stack: cdk.Stack, name: str, description: str, pattern: str) -> str:
    return cdk.CfnParameter(stack, name, description=description, allowed_pattern=pattern).value_as_string


def _function(stack: cdk.Stack, name: str, code: str, **arguments: Any) -> lambda_.Function:
    function = lambda_.Function(
        stack,
        name,
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handle",
        code=lambda_.Code.from_inline(code),
        log_group=logs.LogGroup(stack, f"{name}Logs", retention=logs.RetentionDays.THREE_MONTHS),
        **arguments,
    )
    if function.role is not None:
        for policy in ("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole"):
            managed = f"arn:<AWS::Partition>:iam::aws:policy/service-role/{policy}"
            _acknowledge(function.role, f"IAM4[Policy::{managed}]", "It allows logs and network interfaces, no more.")
    return function


def _acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    )


def main() -> None:
    """Synthesize the application, with its guarantees and the AwsSolutions rules of cdk-nag."""
    app = cdk.App()
    env = cdk.Environment(region=app.node.try_get_context("region") or "eu-west-1")
    NetworkStack(app, "Network", env=env)
    OrdersStack(app, "Orders", env=env)
    ShopStack(app, "Shop", env=env)
    # What must be so of what is synthesized; `cdk synth` fails otherwise.
    Guarantees.of(app).add_file(Path(__file__).with_name("guarantees.yaml"))
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
