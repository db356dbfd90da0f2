"""The Gateway API of Kubernetes on VPC Lattice: the controller in EKS clusters, and the objects that it reads."""

from typing import TYPE_CHECKING

from constructs_lattice._lazy import lazy_names

if TYPE_CHECKING:
    from constructs_lattice.gateway_api.access import GatewayApiAccess
    from constructs_lattice.gateway_api.access_log_policy import AccessLogPolicy
    from constructs_lattice.gateway_api.allowed_routes import AllowedRoutes
    from constructs_lattice.gateway_api.backend import Backend
    from constructs_lattice.gateway_api.cluster import EksCluster
    from constructs_lattice.gateway_api.controller import GatewayApiController
    from constructs_lattice.gateway_api.controller_chart import ControllerChart, LogLevel
    from constructs_lattice.gateway_api.controller_credentials import ControllerCredentials
    from constructs_lattice.gateway_api.controller_feature import ControllerFeature
    from constructs_lattice.gateway_api.crds import GatewayApiCrds
    from constructs_lattice.gateway_api.gateway import GatewayListener, LatticeGateway, ParentRef, gateway_class
    from constructs_lattice.gateway_api.grpc_route import GrpcMatch, GrpcRoute, GrpcRule
    from constructs_lattice.gateway_api.http_route import HttpMatch, HttpRoute, HttpRule, RouteMethod
    from constructs_lattice.gateway_api.iam_auth_policy import IamAuthPolicy
    from constructs_lattice.gateway_api.kubernetes_object import KubernetesObject, ObjectKind, ObjectRef
    from constructs_lattice.gateway_api.route import Route
    from constructs_lattice.gateway_api.route_header import RouteHeader
    from constructs_lattice.gateway_api.service_export import ExportedPort, RouteType, ServiceExport
    from constructs_lattice.gateway_api.service_import import ServiceImport
    from constructs_lattice.gateway_api.target_group_policy import TargetGroupPolicy
    from constructs_lattice.gateway_api.tls_route import TlsRoute
    from constructs_lattice.gateway_api.vpc_association_policy import VpcAssociationPolicy

_HOMES = {
    "access": ["GatewayApiAccess"],
    "access_log_policy": ["AccessLogPolicy"],
    "allowed_routes": ["AllowedRoutes"],
    "backend": ["Backend"],
    "cluster": ["EksCluster"],
    "controller": ["GatewayApiController"],
    "controller_chart": ["ControllerChart", "LogLevel"],
    "controller_credentials": ["ControllerCredentials"],
    "controller_feature": ["ControllerFeature"],
    "crds": ["GatewayApiCrds"],
    "gateway": ["GatewayListener", "LatticeGateway", "ParentRef", "gateway_class"],
    "grpc_route": ["GrpcMatch", "GrpcRoute", "GrpcRule"],
    "http_route": ["HttpMatch", "HttpRoute", "HttpRule", "RouteMethod"],
    "iam_auth_policy": ["IamAuthPolicy"],
    "kubernetes_object": ["KubernetesObject", "ObjectKind", "ObjectRef"],
    "route": ["Route"],
    "route_header": ["RouteHeader"],
    "service_export": ["ExportedPort", "RouteType", "ServiceExport"],
    "service_import": ["ServiceImport"],
    "target_group_policy": ["TargetGroupPolicy"],
    "tls_route": ["TlsRoute"],
    "vpc_association_policy": ["VpcAssociationPolicy"],
}

__all__ = [
    "AccessLogPolicy",
    "AllowedRoutes",
    "Backend",
    "ControllerChart",
    "ControllerCredentials",
    "ControllerFeature",
    "EksCluster",
    "ExportedPort",
    "GatewayApiAccess",
    "GatewayApiController",
    "GatewayApiCrds",
    "GatewayListener",
    "GrpcMatch",
    "GrpcRoute",
    "GrpcRule",
    "HttpMatch",
    "HttpRoute",
    "HttpRule",
    "IamAuthPolicy",
    "KubernetesObject",
    "LatticeGateway",
    "LogLevel",
    "ObjectKind",
    "ObjectRef",
    "ParentRef",
    "Route",
    "RouteHeader",
    "RouteMethod",
    "RouteType",
    "ServiceExport",
    "ServiceImport",
    "TargetGroupPolicy",
    "TlsRoute",
    "VpcAssociationPolicy",
    "gateway_class",
]

__getattr__, __dir__ = lazy_names(__name__, _HOMES, globals())
