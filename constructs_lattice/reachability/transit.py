"""Transit Gateways: into them, through their route tables, and out of them again.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from constructs_lattice.model.gateways import AttachmentKind, TransitGatewayAttachment, TransitGatewayRouteTable
from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import intersect, subtract, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Subnet, Vpc
from constructs_lattice.reachability.lookup import Tables
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.state import Arrival, Choice, Here, Loss, Place, State, same_zone
from constructs_lattice.reachability.words import addresses_in_words

__all__ = ["Transit"]


class Transit:
    """The Transit Gateways of a network."""

    def __init__(self, network: Network, tables: Tables) -> None:
        self._network = network
        self._tables = tables
        self._of_vpc: dict[tuple[str, str], list[TransitGatewayAttachment]] = {}
        for attachment in network.attachments.values():
            if attachment.kind is AttachmentKind.VPC:
                key = (attachment.transit_gateway, attachment.vpc)
                self._of_vpc.setdefault(key, []).append(attachment)

    def attach(self, gateway: str, here: Here, state: State) -> Iterator[Loss | tuple[str, Subnet, State]]:
        """The attachment that takes packets of a subnet, and its own subnet in the zone, if there is one.

        TGW-5: without a subnet of the attachment in the zone, nothing of that zone reaches the gateway.
        """
        attachments = self._of_vpc.get((gateway, here.vpc.id), [])
        if not attachments:
            yield self._unattached(gateway, here.vpc, state)
            return
        attachment = attachments[0]
        candidates = [self._network.subnets[each] for each in attachment.subnets if each in self._network.subnets]
        zone = state.zone if here.subnet is None else here.subnet.zone
        near = {each.id: True if here.is_in(each) else same_zone(each.zone, zone) for each in candidates}
        sure = [each for each in candidates if near[each.id]]
        maybe = [each for each in candidates if near[each.id] is None]
        place = here.subnet.id if here.subnet else here.vpc.id
        text = f"whether {attachment.id} has a subnet in the zone of {place} is not known"
        doubt = frozenset({Reason("TGW-5", attachment.id, text)})
        for each in sure[:1]:
            yield attachment.id, each, state.past(attachment.id, f"takes it in {each.id}")
        if sure:
            return
        for each in maybe:
            yield attachment.id, each, state.narrowed(state.flow, doubt).past(attachment.id, f"takes it in {each.id}")
        if not maybe and len(candidates) < len(attachment.subnets):
            yield state.loss(next(iter(doubt)), is_doubtful=True)
        elif not maybe:
            text = f"it has no subnet in the zone of {place}"
            yield state.loss(Reason("TGW-5", attachment.id, text, "TGW_ROUTE_AZ_RESTRICTION"))

    def _unattached(self, gateway: str, vpc: Vpc, state: State) -> Loss:
        if gateway not in self._network.transit_gateways:
            text = "the transit gateway is not in the templates"
        elif any(self._may_be_of(each, gateway, vpc) for each in self._network.attachments.values()):
            text = f"whether {vpc.id} is attached to it is not known"
        else:
            reason = Reason("RT-13", gateway, f"{vpc.id} is not attached to it", "BAD_STATE_ROUTE")
            return state.loss(reason)
        return state.loss(Reason("TGW-11", gateway, text), is_doubtful=True)

    @staticmethod
    def _may_be_of(attachment: TransitGatewayAttachment, gateway: str, vpc: Vpc) -> bool:
        """Whether an attachment may be that of a VPC to a gateway, for all that is known."""
        is_of_gateway = attachment.transit_gateway == gateway or _is_unknown(attachment.transit_gateway)
        return is_of_gateway and (attachment.vpc == vpc.id or _is_unknown(attachment.vpc))

    def forward(self, attachment_id: str, state: State) -> Iterator[Loss | Arrival | tuple[Subnet, State]]:
        """Where the table that an attachment is associated with sends what comes from it."""
        attachment = self._network.attachments[attachment_id]
        if attachment.association is None:
            text = "it is associated with no route table"
            yield state.loss(Reason("TGW-1", attachment.id, text, "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"))
            return
        if isinstance(attachment.association, Unknown):
            reason = Reason("TGW-1", attachment.id, attachment.association.reason)
            yield state.loss(reason, is_doubtful=True)
            return
        table = self._network.transit_gateway_route_tables.get(attachment.association)
        if table is None:
            text = f"its route table {attachment.association} is not in the templates"
            yield state.loss(Reason("TGW-1", attachment.id, text), is_doubtful=True)
            return
        asking = state.asks(table.id)
        if asking is None:
            reason = Reason("TGW-2", table.id, "the packets go round in circles", "NO_POSSIBLE_DESTINATION")
            yield state.loss(reason)
            return
        for taken in self._tables.look_up_transit(table, state.flow):
            part = asking.narrowed(taken.flow, taken.doubts)
            if taken.route is None:
                yield self._without_route(table, part)
            elif taken.route.attachment is None:
                text = f"{taken.route.destination} goes into a black hole"
                yield part.loss(Reason("TGW-3", taken.route.id, text, "TGW_RTB_BAD_STATE_ROUTE"))
            elif isinstance(taken.route.attachment, Unknown):
                reason = Reason("TGW-2", taken.route.id, taken.route.attachment.reason)
                yield part.loss(reason, is_doubtful=True)
            else:
                text = f"sends it to {taken.route.attachment}"
                yield from self._leave(attachment, taken.route.attachment, part.past(table.id, text))

    @staticmethod
    def _without_route(table: TransitGatewayRouteTable, state: State) -> Loss:
        """What is lost, unless the table may have more routes than are said."""
        if table.doubts:
            reason = Reason("TGW-2", table.id, table.doubts[0].reason)
            return state.loss(reason, is_doubtful=True)
        text = f"there is no route to {addresses_in_words(state.flow.version, state.flow.dst)}"
        return state.loss(Reason("TGW-2", table.id, text, "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"))

    def _leave(
        self, source: TransitGatewayAttachment, target_id: str, state: State
    ) -> Iterator[Loss | Arrival | tuple[Subnet, State]]:
        target = self._network.attachments.get(target_id)
        if target is None:
            text = "the attachment is not in the templates"
            yield state.loss(Reason("TGW-11", target_id, text), is_doubtful=True)
            return
        state = self._without_groups(source, target, state)
        match target.kind:
            case AttachmentKind.VPC:
                yield from self._enter_vpc(target, state)
            case AttachmentKind.VPN:
                yield from self._leave_to_site(target, state)
            case AttachmentKind.PEERING:
                yield from self._cross_to_peer(target, state)
            case AttachmentKind.OTHER:
                text = "what lies behind this attachment is not modelled"
                rule = "TGW-10" if target.id in self._network.firewalls else "TGW-11"
                yield state.loss(Reason(rule, target.id, text), is_doubtful=True)

    def _leave_to_site(self, target: TransitGatewayAttachment, state: State) -> Iterator[Loss | Arrival]:
        known = union(block.ranges for block in target.prefixes if block.version == state.flow.version)
        certain, rest = intersect(state.flow.dst, known), subtract(state.flow.dst, known)
        if target.has_bgp or not target.prefixes:
            certain, rest = state.flow.dst, ()
        if certain:
            left = state.narrowed(state.flow.to(certain)).past(target.id, "leaves to the site")
            yield Arrival(place=Place.SITE, at=target.id, state=left)
        if rest:
            text = "the connection has no route to the destination"
            yield state.narrowed(state.flow.to(rest)).loss(Reason("VPN-1", target.id, text))

    def _cross_to_peer(
        self, target: TransitGatewayAttachment, state: State
    ) -> Iterator[Loss | Arrival | tuple[Subnet, State]]:
        """TGW-8: on to the other gateway, which has a table of its own for what comes from here."""
        if target.peer not in self._network.attachments:
            text = "the transit gateway at the other end is not in the templates"
            yield state.loss(Reason("TGW-8", target.id, text), is_doubtful=True)
            return
        reason = Reason(
            "TGW-8", target.id, "security groups are not known beyond transit gateways", "SG_REFERENCES_NOT_PRESERVED"
        )
        crossed = replace(state.past(target.id, "crosses to the other transit gateway"), lost=reason, zone="")
        yield from self.forward(target.peer, crossed)

    def _enter_vpc(
        self, target: TransitGatewayAttachment, state: State
    ) -> Iterator[Loss | Arrival | tuple[Subnet, State]]:
        """TGW-6, TGW-9: in the zone where the packets come from if the attachment is there; else in any of its zones.

        In appliance mode, in any of its zones, but the answers in the same one.
        """
        homes = [self._network.subnets[each] for each in target.subnets if each in self._network.subnets]
        doubts: frozenset[Reason] = frozenset(Reason("TGW-11", target.id, each.reason) for each in target.doubts)
        if len(homes) < len(target.subnets) or not homes:
            text = "not all of its subnets are in the templates"
            doubts |= {Reason("TGW-6", target.id, text)}
            if not homes:
                yield state.loss(Reason("TGW-6", target.id, text), is_doubtful=True)
                return
        state = state.narrowed(state.flow, doubts)
        near = {each.id: same_zone(each.zone, state.zone) if state.zone else False for each in homes}
        same = [each for each in homes if near[each.id]]
        for home in homes if target.appliance_mode is not False or not same else same[:1]:
            inside = replace(state, zone=home.zone)
            if len(homes) > 1 and (target.appliance_mode is not False or not same):
                options = tuple(each.id for each in homes)
                choice = Choice(target.id, home.id, options, is_shared=target.appliance_mode is True)
                inside = replace(inside, choices=(*inside.choices, choice))
            if isinstance(target.appliance_mode, Unknown) and len(homes) > 1:
                reason = Reason("TGW-9", target.id, target.appliance_mode.reason)
                inside = inside.narrowed(inside.flow, frozenset({reason}))
            yield home, inside.past(target.id, f"enters {target.vpc} in {home.id}")

    def _without_groups(
        self, source: TransitGatewayAttachment, target: TransitGatewayAttachment, state: State
    ) -> State:
        """SG-7: rules that refer to groups work across a Transit Gateway only if it and both attachments say so."""
        if state.lost is not None:
            return state
        gateway = self._network.transit_gateways.get(target.transit_gateway)
        said = [
            None if gateway is None else gateway.references_groups,
            *(e.references_groups for e in (source, target)),
        ]
        text = "it does not support references to security groups"
        reason = Reason("SG-7", target.transit_gateway, text, "SG_REFERENCING_SUPPORT")
        if said[0] is False or False in said[1:] or target.kind is not AttachmentKind.VPC:
            return replace(state, lost=reason)
        if any(each is not True for each in said):
            text = (
                "whether it supports references to security groups is not said, and AWS's pages disagree on the default"
            )
            return replace(state, doubt=Reason("SG-7", target.transit_gateway, text, "SG_REFERENCING_SUPPORT"))
        return state


def _is_unknown(name: str) -> bool:
    """Whether a name stands for what nobody knows, as `Fn::Sub` writes it."""
    return name.startswith("${")
