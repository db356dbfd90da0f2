"""The network as frozen data, in AWS's words. Pure: nothing here knows the CDK, or how it was read."""

__all__: list[str] = []
