"""Macros: what they leave alone, and what they may rewrite.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
"""

from constructs_lattice.templates.template import Template

__all__ = ["adds_resources", "rewriting"]

_WRITTEN_OUT_HERE = "AWS::LanguageExtensions"
_ADDING = ("AWS::Serverless-", "AWS::SecretsManager-", "AWS::CodeDeployBlueGreen", "AWS::ServiceCatalog")
"""Macros of AWS that touch their own resources only."""


def rewriting(template: Template) -> str:
    """The first macro that may rewrite any resource, or nothing."""
    return next((name for name in template.macros if name != _WRITTEN_OUT_HERE and not name.startswith(_ADDING)), "")


def adds_resources(template: Template) -> list[str]:
    """The macros that may add resources."""
    return [name for name in template.macros if name != _WRITTEN_OUT_HERE]
