"""Resources that belong to AWS, and that what runs in a VPC needs all the same.

A perimeter around an account would shut them out: its owner is not theirs. They are named here one by one, and never
with a wildcard in the name of a bucket, since anybody may give a bucket a name that begins like one of AWS's.

`${AWS::Partition}` and its siblings stand for what CloudFormation puts there, `${RegionWord}` for the region without
its hyphens.
"""

from collections.abc import Iterable
from typing import Final

__all__ = ["PARAMETERS_AND_DOCUMENTS", "READ_BUCKETS", "RESPONSE_BUCKETS", "patch_buckets"]


def _objects(buckets: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"arn:${{AWS::Partition}}:s3:::{bucket}/*" for bucket in buckets)


READ_BUCKETS: Final = _objects(
    [
        # The layers of images in ECR, by URLs that ECR's own account has signed.
        # https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
        "prod-${AWS::Region}-starport-layer-bucket",
        # The packages of Amazon Linux, which are read without credentials.
        # https://docs.aws.amazon.com/linux/al2023/ug/live-patching.html
        "al2023-repos-${AWS::Region}-de612dc2",
        "al2023-${AWS::Region}",
        "amazonlinux-2-repos-${AWS::Region}",
        "amazonlinux.${AWS::Region}.amazonaws.com",
        "packages.${AWS::Region}.amazonaws.com",
        "repo.${AWS::Region}.amazonaws.com",
        # What the agent of Systems Manager reads, with or without credentials.
        # https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-technical-details.html
        "amazon-ssm-${AWS::Region}",
        "amazon-ssm-packages-${AWS::Region}",
        "aws-ssm-${AWS::Region}",
        "aws-ssm-distributor-file-${AWS::Region}",
        "aws-ssm-document-attachments-${AWS::Region}",
        "aws-windows-downloads-${AWS::Region}",
        "patch-baseline-snapshot-${AWS::Region}",
        "${AWS::Region}-birdwatcher-prod",
        # The agents of CloudWatch and of CodeDeploy, and the helper scripts of CloudFormation.
        "amazoncloudwatch-agent",
        "amazoncloudwatch-agent-${AWS::Region}",
        "aws-codedeploy-${AWS::Region}",
        "cloudformation-examples",
    ]
)
"""The objects that agents and package managers read. https://github.com/aws-samples/data-perimeter-policy-examples"""

RESPONSE_BUCKETS: Final = _objects(
    ["cloudformation-custom-resource-response-${RegionWord}", "cloudformation-waitcondition-${AWS::Region}"]
)
"""Where custom resources and wait conditions tell CloudFormation how it went, by URLs that it has signed.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html
"""

PARAMETERS_AND_DOCUMENTS: Final = (
    "arn:${AWS::Partition}:ssm:${AWS::Region}::parameter/aws/*",
    "arn:${AWS::Partition}:ssm:${AWS::Region}::document/*",
    "arn:${AWS::Partition}:ssm:*::automation-definition/*",
)
"""Public parameters, such as the newest image of Amazon Linux, and the documents that AWS has written.

https://docs.aws.amazon.com/systems-manager/latest/userguide/data-perimeters.html
"""

# The ends of the names of the buckets of Patch Manager: its modules and, in some regions, its snapshots.
_PATCH_SUFFIXES = {
    "af-south-1": ("bdd5f65a9", "tbxdb5b9"),
    "ap-east-1": ("632356271",),
    "ap-northeast-1": ("4849fa78f",),
    "ap-northeast-2": ("10467995c",),
    "ap-northeast-3": ("67373598a",),
    "ap-south-1": ("cb7c62ff9",),
    "ap-south-2": ("32f4b4128", "50209442"),
    "ap-southeast-1": ("7fdfd9ef7",),
    "ap-southeast-2": ("17283a275",),
    "ap-southeast-3": ("aa48fc462", "be0a3174"),
    "ap-southeast-4": ("01e2c40d3", "dc6f76ce"),
    "ca-central-1": ("3148e69e3",),
    "ca-west-1": ("9e3a4b2f9",),
    "eu-central-1": ("9163fdaaf",),
    "eu-central-2": ("184ce43c8",),
    "eu-north-1": ("795879e9b",),
    "eu-south-1": ("c52f3f594",),
    "eu-south-2": ("a4cf248b1", "df2c9d70"),
    "eu-west-1": ("5522fb710",),
    "eu-west-2": ("902a2bc74",),
    "eu-west-3": ("29bf85721",),
    "il-central-1": ("e221cb57b",),
    "me-central-1": ("2932f2f80",),
    "me-south-1": ("a53fc9dce", "uduvl7q8"),
    "sa-east-1": ("ddf4b6a09",),
    "us-east-1": ("1970c647d",),
    "us-east-2": ("552881074",),
    "us-west-1": ("8badb4304",),
    "us-west-2": ("34d7f99f8",),
}


def patch_buckets(region: str) -> tuple[str, ...]:
    """The objects of Patch Manager in a region, whose buckets have names that only a table tells; none elsewhere.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-operations-s3-buckets.html
    """
    if region not in _PATCH_SUFFIXES:
        return ()
    modules, *snapshots = _PATCH_SUFFIXES[region]
    return _objects(
        [
            f"aws-patch-manager-{region}-{modules}",
            f"aws-patchmanager-macos-{region}-{modules}",
            *(f"patch-baseline-snapshot-{region}-{suffix}" for suffix in snapshots),
        ]
    )
