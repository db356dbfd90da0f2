"""The types of resources that make up networks: those that are read, and those that change nothing about who reaches
whom. What is in neither list is strange.
"""

from __future__ import annotations

__all__ = ["READ", "WITHOUT_EFFECT", "is_strange"]

_SERVICES = (
    "AWS::EC2::",
    "AWS::NetworkFirewall::",
    "AWS::NetworkManager::",
    "AWS::DirectConnect::",
    "AWS::GlobalAccelerator::",
    "AWS::ElasticLoadBalancing::",
    "AWS::ElasticLoadBalancingV2::",
    "AWS::VpcLattice::",
)


def _of(service: str, names: str) -> set[str]:
    return {f"AWS::{service}::{name}" for name in names.split()}


READ = frozenset(
    _of(
        "EC2",
        "CarrierGateway ClientVpnEndpoint ClientVpnTargetNetworkAssociation EIP EIPAssociation "
        "EgressOnlyInternetGateway GatewayRouteTableAssociation Instance InstanceConnectEndpoint InternetGateway "
        "IpPoolRouteTableAssociation LaunchTemplate LocalGatewayRouteTableVPCAssociation NatGateway NetworkAcl "
        "NetworkAclEntry NetworkInterface NetworkInterfaceAttachment PrefixList Route RouteServerPropagation "
        "RouteTable SecurityGroup SecurityGroupEgress SecurityGroupIngress Subnet SubnetCidrBlock "
        "SubnetNetworkAclAssociation SubnetRouteTableAssociation TransitGateway TransitGatewayAttachment "
        "TransitGatewayConnect TransitGatewayPeeringAttachment TransitGatewayRoute TransitGatewayRouteTable "
        "TransitGatewayRouteTableAssociation TransitGatewayRouteTablePropagation TransitGatewayVpcAttachment VPC "
        "VPCBlockPublicAccessExclusion VPCBlockPublicAccessOptions VPCCidrBlock VPCEncryptionControl VPCEndpoint "
        "VPCEndpointService VPCGatewayAttachment VPCPeeringConnection VPNConcentrator VPNConnection "
        "VPNConnectionRoute VPNGateway VPNGatewayRoutePropagation VerifiedAccessEndpoint",
    )
    | _of("NetworkFirewall", "Firewall FirewallPolicy RuleGroup VpcEndpointAssociation")
    | _of("NetworkManager", "TransitGatewayPeering TransitGatewayRouteTableAttachment VpcAttachment")
    | _of("DirectConnect", "DirectConnectGatewayAssociation PrivateVirtualInterface")
    | _of("GlobalAccelerator", "EndpointGroup")
    | _of("ElasticLoadBalancing", "LoadBalancer")
    | _of("ElasticLoadBalancingV2", "Listener ListenerRule LoadBalancer TargetGroup")
    | _of(
        "VpcLattice",
        "Listener ResourceConfiguration ResourceGateway Rule Service ServiceNetwork "
        "ServiceNetworkResourceAssociation ServiceNetworkServiceAssociation ServiceNetworkVpcAssociation TargetGroup",
    )
)
"""Types that the network is made of."""

WITHOUT_EFFECT = frozenset(
    _of(
        "EC2",
        "ApplicationStatusCheck CapacityManagerDataExport CapacityReservation CapacityReservationFleet "
        "ClientVpnAuthorizationRule ClientVpnRoute CustomerGateway DHCPOptions EC2Fleet "
        "EnclaveCertificateIamRoleAssociation FlowLog FpgaImage Host IPAM IPAMAllocation IPAMPool IPAMPoolCidr "
        "IPAMPrefixListResolver IPAMPrefixListResolverTarget IPAMResourceDiscovery "
        "IPAMResourceDiscoveryAssociation IPAMScope IPv4Pool InstanceEventWindow "
        "IpamExternalResourceVerificationToken IpamInternetRegistryAssociation KeyPair LocalGatewayRoute "
        "LocalGatewayRouteTable LocalGatewayRouteTableVirtualInterfaceGroupAssociation "
        "LocalGatewayVirtualInterface LocalGatewayVirtualInterfaceGroup NetworkInsightsAccessScope "
        "NetworkInsightsAccessScopeAnalysis NetworkInsightsAnalysis NetworkInsightsPath "
        "NetworkInterfacePermission NetworkPerformanceMetricSubscription PlacementGroup RouteServer "
        "RouteServerAssociation RouteServerEndpoint RouteServerPeer SecondaryNetwork SecurityGroupVpcAssociation "
        "SnapshotBlockPublicAccess SpotFleet SqlHaStandbyDetectedInstance SubnetCidrReservation "
        "TrafficMirrorFilter TrafficMirrorFilterRule TrafficMirrorSession TrafficMirrorTarget "
        "TransitGatewayConnectPeer TransitGatewayMeteringPolicy TransitGatewayMeteringPolicyEntry "
        "TransitGatewayMulticastDomain TransitGatewayMulticastDomainAssociation "
        "TransitGatewayMulticastGroupMember TransitGatewayMulticastGroupSource TransitGatewayPolicyTable "
        "TransitGatewayPolicyTableAssociation TransitGatewayPolicyTableEntry VPCDHCPOptionsAssociation "
        "VPCEndpointConnectionNotification VPCEndpointServicePermissions VerifiedAccessGroup "
        "VerifiedAccessInstance VerifiedAccessTrustProvider Volume VolumeAttachment",
    )
    | _of("NetworkFirewall", "ContainerAssociation LoggingConfiguration TLSInspectionConfiguration")
    | _of(
        "NetworkManager",
        "ConnectAttachment ConnectPeer CoreNetwork CoreNetworkPrefixListAssociation CustomerGatewayAssociation Device "
        "DirectConnectGatewayAttachment GlobalNetwork Link LinkAssociation Site SiteToSiteVpnAttachment "
        "TransitGatewayRegistration",
    )
    | _of("DirectConnect", "Connection DirectConnectGateway Lag PublicVirtualInterface TransitVirtualInterface")
    | _of("GlobalAccelerator", "Accelerator CrossAccountAttachment Listener")
    | _of("ElasticLoadBalancingV2", "ListenerCertificate TrustStore TrustStoreRevocation")
    | _of(
        "VpcLattice",
        "AccessLogSubscription AuthPolicy DomainVerification ResourcePolicy",
    )
)
"""Types without a say of their own: they concern the inside of others, are asked for by others, or watch."""


def is_strange(type: str) -> bool:
    """Whether a type is of a service that makes networks, and not known here."""
    return type.startswith(_SERVICES) and type not in READ and type not in WITHOUT_EFFECT
