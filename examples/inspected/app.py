"""A dual-stack network whose internet traffic passes a firewall, with tiers that are kept apart."""

from pathlib import Path

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_networkfirewall as networkfirewall
from constructs import Construct

from constructs_lattice import (
    EncryptionControl,
    Guarantees,
    IngressInspection,
    IpProtocol,
    RouteTables,
    Tier,
    Vpc,
    Zones,
)


class InspectedStack(cdk.Stack):
    """The network, the firewall in front of it, and who may talk to whom."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env, description="A network behind a firewall")
        self.vpc = Vpc(
            self,
            "Vpc",
            cidr="10.50.0.0/16",
            secondary_cidrs=["100.64.0.0/16"],
            zones=Zones.named(*(f"{env.region}{letter}" for letter in "abc")),
            ip_protocol=IpProtocol.DUAL_STACK,
            # A firewall cannot be where encryption is enforced; what is not encrypted is found all the same.
            encryption_control=EncryptionControl.monitor(),
            tiers=[
                Tier.public("web"),
                # Containers take many addresses: these are nobody else's, and cost none of the first block. Over IPv6
                # they would leave by an egress-only internet gateway, which no firewall can be put in front of.
                Tier.private("app", within="100.64.0.0/16", ip_protocol=IpProtocol.IPV4),
                Tier.isolated("data", route_tables=RouteTables.SHARED),
                Tier.firewall(),
            ],
        )
        firewall = self._firewall()
        IngressInspection(
            self,
            "Inspection",
            vpc=self.vpc,
            endpoints={zone: _endpoint(firewall, f"{env.region}{zone}") for zone in self.vpc.tier("firewall").zones},
        )
        self.vpc.allow("web", to="app", port=8080)
        self.vpc.allow("app", to="data", port=5432)
        # Images and packages: through the firewall, too.
        self.vpc.allow_egress("app", to=["0.0.0.0/0"], port=443)
        self.vpc.allow_ingress("web", from_=["0.0.0.0/0", "::/0"], port=443)
        self.vpc.isolate("data")
        acl = self.vpc.network_acl("data")
        if acl is not None:
            _acknowledge(acl, "VPC3", "Security groups decide; the ACL holds even when somebody opens one of them.")
        group = self.vpc.security_group("web")
        _acknowledge(group, "EC23", "The site is for everyone, on 443; the firewall passes TLS only.")

    def _firewall(self) -> networkfirewall.CfnFirewall:
        """A firewall that lets TLS in and out, and drops what nobody expects."""
        rules = networkfirewall.CfnRuleGroup(
            self,
            "Rules",
            rule_group_name="expected",
            type="STATEFUL",
            capacity=100,
            rule_group=networkfirewall.CfnRuleGroup.RuleGroupProperty(
                rules_source=networkfirewall.CfnRuleGroup.RulesSourceProperty(
                    rules_string='pass tls any any <> any 443 (flow:to_server; msg:"TLS"; sid:1;)'
                ),
                stateful_rule_options=networkfirewall.CfnRuleGroup.StatefulRuleOptionsProperty(
                    rule_order="STRICT_ORDER"
                ),
            ),
        )
        policy = networkfirewall.CfnFirewallPolicy(
            self,
            "Policy",
            firewall_policy_name="expected",
            firewall_policy=networkfirewall.CfnFirewallPolicy.FirewallPolicyProperty(
                stateless_default_actions=["aws:forward_to_sfe"],
                stateless_fragment_default_actions=["aws:forward_to_sfe"],
                stateful_default_actions=["aws:drop_established", "aws:alert_established"],
                stateful_engine_options=networkfirewall.CfnFirewallPolicy.StatefulEngineOptionsProperty(
                    rule_order="STRICT_ORDER"
                ),
                stateful_rule_group_references=[
                    networkfirewall.CfnFirewallPolicy.StatefulRuleGroupReferenceProperty(
                        resource_arn=rules.ref, priority=1
                    )
                ],
            ),
        )
        return networkfirewall.CfnFirewall(
            self,
            "Firewall",
            firewall_name="inspected",
            firewall_policy_arn=policy.ref,
            vpc_id=self.vpc.vpc_id,
            subnet_mappings=[
                networkfirewall.CfnFirewall.SubnetMappingProperty(
                    subnet_id=subnet.subnet_id, ip_address_type="DUALSTACK"
                )
                for subnet in self.vpc.tier("firewall").subnets
            ],
            delete_protection=True,
            subnet_change_protection=True,
        )


def _acknowledge(construct: Construct, rule: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    )


def _endpoint(firewall: networkfirewall.CfnFirewall, zone: str) -> str:
    """The id of the firewall's endpoint in a zone: the firewall lists them as `zone:id`, in any order."""
    listed = cdk.Fn.join(",", firewall.attr_endpoint_ids)
    behind = cdk.Fn.select(1, cdk.Fn.split(f"{zone}:", listed))
    return cdk.Fn.select(0, cdk.Fn.split(",", behind))


def main() -> None:
    """Synthesize the application, with its guarantees and the AwsSolutions rules of cdk-nag."""
    app = cdk.App()
    env = cdk.Environment(region=app.node.try_get_context("region") or "eu-west-1")
    InspectedStack(app, "Inspected", env=env)
    # What must be so of what is synthesized; `cdk synth` fails otherwise.
    Guarantees.of(app).add_file(Path(__file__).with_name("guarantees.yaml"))
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
