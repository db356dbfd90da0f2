"""What every test stands on."""

import os

# Before aws_cdk is imported anywhere: the built-in validation takes seconds to start. The example tests switch it on again.
os.environ["CDK_VALIDATION"] = "false"
