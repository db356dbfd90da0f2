"""AWS partitions: what `AWS::Partition` and `AWS::URLSuffix` are in a region.

https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
"""

__all__ = ["partition_of", "url_suffix_of"]

_PARTITIONS = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
}
_COMMERCIAL = ("aws", "amazonaws.com")


def partition_of(region: str) -> str:
    """Such as `aws`."""
    return _of(region)[0]


def url_suffix_of(region: str) -> str:
    """Such as `amazonaws.com`."""
    return _of(region)[1]


def _of(region: str) -> tuple[str, str]:
    return next((names for prefix, names in _PARTITIONS.items() if region.startswith(prefix)), _COMMERCIAL)
