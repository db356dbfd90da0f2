"""Which role things sign with: functions, instances, tasks.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
"""

from __future__ import annotations

from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.values import Unknown, Value

__all__ = ["HAVING_ROLES", "role_of"]

_ROLE = "AWS::IAM::Role"
_FUNCTION, _INSTANCE = "AWS::Lambda::Function", "AWS::EC2::Instance"
_TASKS, _TASK_DEFINITION = "AWS::ECS::Service", "AWS::ECS::TaskDefinition"
_GROUP, _TEMPLATE, _CONFIGURATION = (
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::EC2::LaunchTemplate",
    "AWS::AutoScaling::LaunchConfiguration",
)
_PROFILE = "AWS::IAM::InstanceProfile"

HAVING_ROLES = (_FUNCTION, _INSTANCE, _TASKS, _TASK_DEFINITION, _GROUP)
"""The types of what runs code, and has a role to sign with."""


def role_of(estate: Estate, resource: Resource) -> Resource | str | Unknown | None:
    """The role of something that runs code: of the templates, or by its ARN; nothing if it has none."""
    match resource.type:
        case "AWS::Lambda::Function":
            return _role(estate, resource.get("Role"))
        case "AWS::ECS::Service":
            definition = estate.identify(resource.get("TaskDefinition"), _TASK_DEFINITION)
            if definition is None:
                return Unknown(f"the templates do not have the task definition of {resource.id}")
            return _role(estate, definition.get("TaskRoleArn"))
        case "AWS::ECS::TaskDefinition":
            return _role(estate, resource.get("TaskRoleArn"))
        case "AWS::EC2::Instance" | "AWS::AutoScaling::AutoScalingGroup":
            return _of_profile(estate, _profile(estate, resource))
        case _:
            return Unknown(f"{resource.id} is nothing that has a role to sign with")


def _profile(estate: Estate, resource: Resource) -> Value:
    """What names the instance profile: the resource itself, or what its instances are launched from."""
    if (own := resource.get("IamInstanceProfile")) is not None:
        return own
    if (name := resource.get("LaunchConfigurationName")) is not None:
        found = estate.identify(name, _CONFIGURATION)
        return found.get("IamInstanceProfile") if found else Unknown(f"{resource.id} is launched from elsewhere")
    if resource.get("LaunchTemplate") is None:
        several = f"{resource.id} may have several launch templates"
        return None if resource.get("MixedInstancesPolicy") is None else Unknown(several)
    return _launched_with(estate, resource)


def _launched_with(estate: Estate, resource: Resource) -> Value:
    """The instance profile of a launch template."""
    launched = resource.get("LaunchTemplate")
    names = (
        [launched.get(each) for each in ("LaunchTemplateId", "LaunchTemplateName")]
        if isinstance(launched, dict)
        else []
    )
    found = next((each for name in names if name is not None and (each := estate.identify(name, _TEMPLATE))), None)
    data = found.get("LaunchTemplateData") if found else None
    if not isinstance(data, dict):
        return Unknown(f"the templates do not have the launch template of {resource.id}")
    profile = data.get("IamInstanceProfile")
    if isinstance(profile, dict):
        return profile.get("Arn") or profile.get("Name")
    return profile


def _of_profile(estate: Estate, profile: Value) -> Resource | str | Unknown | None:
    if profile is None or isinstance(profile, Unknown):
        return profile
    found = estate.identify(profile, _PROFILE)
    roles = found.get("Roles") if found else None
    if not isinstance(roles, list) or len(roles) != 1:
        return Unknown("the templates do not have its instance profile")
    return _role(estate, roles[0])


def _role(estate: Estate, value: Value) -> Resource | str | Unknown | None:
    if value is None or isinstance(value, Unknown):
        return value
    if (found := estate.identify(value, _ROLE)) is not None:
        return found
    if isinstance(value, str) and value.startswith("arn:"):
        return value
    return Unknown("its role is not in the templates")
