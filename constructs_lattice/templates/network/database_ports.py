"""The ports of databases and caches, which the CDK's rules take from their endpoints: `Fn::GetAtt` of `Endpoint.Port`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
"""

from __future__ import annotations

from constructs_lattice.templates.estate import Resource
from constructs_lattice.templates.values import Value

__all__ = ["port_of"]

# The ports that engines listen on unless told otherwise. Of Aurora PostgreSQL, AWS's pages have two.
_BY_ENGINE = {
    "postgres": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "aurora": 3306,
    "aurora-mysql": 3306,
    "oracle": 1521,
    "sqlserver": 1433,
    "db2": 50_000,
    "redis": 6379,
    "valkey": 6379,
    "memcached": 11_211,
}
_BY_TYPE = {
    "AWS::Redshift::Cluster": 5439,
    "AWS::RedshiftServerless::Workgroup": 5439,
    "AWS::DocDB::DBCluster": 27_017,
    "AWS::Neptune::DBCluster": 8182,
    "AWS::MemoryDB::Cluster": 6379,
    "AWS::ElastiCache::ReplicationGroup": 6379,
    "AWS::ElastiCache::ServerlessCache": 6379,
}
_BY_ENGINE_ONLY = (
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "AWS::ElastiCache::CacheCluster",
)
_NAMES = ("Port", "DBPort")


def port_of(resource: Resource, attribute: str) -> Value:
    """The port that an attribute gives: as the template says, else the usual one; none if it is not known."""
    if not attribute.endswith("Port") or resource.type not in (*_BY_TYPE, *_BY_ENGINE_ONLY):
        return None
    said = next((each for name in _NAMES if (each := resource.get(name)) is not None), None)
    if said is not None:
        return said
    if resource.type in _BY_TYPE:
        return _BY_TYPE[resource.type]
    engine = str(resource.get("Engine")).lower()
    return _BY_ENGINE.get(engine, _BY_ENGINE.get(engine.partition("-")[0] if not engine.startswith("aurora") else ""))
