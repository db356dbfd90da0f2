"""Roles and users with their policies, out of an estate.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
"""

from collections.abc import Iterable, Iterator

from constructs_lattice.model.policies import Identity, IdentityKind, IdentityPolicy, Json, Tags
from constructs_lattice.model.symbolic import SymbolicText, compose, parts_of
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.symbols import Symbols, unknown_of
from constructs_lattice.templates.values import Reference, Value

__all__ = ["read_identities", "read_tags"]

_KINDS = {"AWS::IAM::Role": IdentityKind.ROLE, "AWS::IAM::User": IdentityKind.USER}
_LISTING = {"AWS::IAM::Role": "Roles", "AWS::IAM::User": "Users", "AWS::IAM::Group": "Groups"}
_SINGLE = {
    "AWS::IAM::RolePolicy": ("AWS::IAM::Role", "RoleName"),
    "AWS::IAM::UserPolicy": ("AWS::IAM::User", "UserName"),
    "AWS::IAM::GroupPolicy": ("AWS::IAM::Group", "GroupName"),
}


def read_identities(estate: Estate, symbols: Symbols) -> dict[str, Identity]:
    """The roles and users, by the names of their resources."""
    reader = _Reader(estate, symbols)
    return {str(each.id): reader.identity(each) for each in estate.of_type(*_KINDS)}


def read_tags(symbols: Symbols, value: Value) -> Tags:
    """The tags of a resource: a list of keys and values, or a mapping."""
    known: dict[str, SymbolicText] = {}
    doubt: Unknown | None = None
    entries: Iterable[tuple[Value, Value]]
    if isinstance(value, dict):
        entries = list(value.items())
    else:
        entries = [
            (each.get("Key"), each.get("Value")) if isinstance(each, dict) else (each, "") for each in _listed(value)
        ]
    for key, content in entries:
        if isinstance(key, str):
            known[key] = symbols.text(content)
        else:
            text = symbols.text(key)
            doubt = text if isinstance(text, Unknown) else Unknown(f"only the deployment shows what tag {text} is")
    return Tags(known=known, doubt=doubt)


def _listed(value: Value) -> list[Value]:
    """A list; what is not known is an item of it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


class _Reader:
    """Reads identities, with the policies that other resources attach to them."""

    def __init__(self, estate: Estate, symbols: Symbols) -> None:
        self._estate = estate
        self._symbols = symbols
        self._managed = {symbols.arn_of(each): each for each in estate.of_type("AWS::IAM::ManagedPolicy")}

    def identity(self, resource: Resource) -> Identity:
        """A role or a user."""
        symbols, where = self._symbols, resource.deployment
        account, partition = symbols.account(where), symbols.partition(where)
        name = symbols.name_of(resource)
        is_role = resource.type == "AWS::IAM::Role"
        boundary = resource.declared.get("PermissionsBoundary")
        return Identity(
            id=str(resource.id),
            kind=_KINDS[resource.type],
            name=name,
            arn=symbols.arn_of(resource),
            account=account,
            root_arn=compose(("arn:", partition, ":iam::", account, ":root")),
            session=compose(("arn:", partition, ":sts::", account, ":assumed-role/", name, "/")) if is_role else "",
            tags=read_tags(symbols, resource.declared.get("Tags")),
            policies=tuple(self._policies(resource)),
            boundary=None if boundary is None else self._by_arn(boundary),
            doubt=unknown_of(resource.doubt) if resource.doubt else None,
        )

    def _policies(self, resource: Resource) -> Iterator[IdentityPolicy]:
        yield from self._own(resource)
        yield from self._attached(resource)
        if resource.type == "AWS::IAM::User":
            yield from self._of_groups(resource)

    def _own(self, resource: Resource) -> Iterator[IdentityPolicy]:
        """What the resource itself says."""
        for index, each in enumerate(_listed(resource.declared.get("Policies"))):
            if isinstance(each, dict):
                name = each.get("PolicyName", index)
                yield IdentityPolicy(
                    id=f"{resource.id} policy {name}", document=self._symbols.json(each.get("PolicyDocument"))
                )
            else:
                yield IdentityPolicy(id=f"{resource.id} policy {index}", document=self._symbols.text(each))
        for each in _listed(resource.declared.get("ManagedPolicyArns")):
            yield self._by_arn(each)

    def _by_arn(self, value: Value) -> IdentityPolicy:
        """A managed policy: one of the templates, or one that is elsewhere."""
        arn = self._symbols.text(value)
        if found := self._managed.get(arn):
            return self._document(found, None)
        return IdentityPolicy(id=str(arn), document=Unknown(f"the templates do not have the policy {arn}"))

    def _document(self, resource: Resource, doubt: Unknown | None) -> IdentityPolicy:
        existence = unknown_of(resource.doubt) if resource.doubt else None
        document: Json = self._symbols.json(resource.declared.get("PolicyDocument"))
        return IdentityPolicy(id=str(resource.id), document=document, doubt=existence or doubt)

    def _attached(self, resource: Resource) -> Iterator[IdentityPolicy]:
        """What other resources attach to it."""
        for each in self._estate.of_type("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            for listed in _listed(each.declared.get(_LISTING[resource.type])):
                yield from self._if_named(each, listed, resource)
        for each in self._estate.of_type(*_SINGLE):
            kind, property_ = _SINGLE[each.type]
            if kind == resource.type:
                yield from self._if_named(each, each.declared.get(property_), resource)

    def _if_named(self, policy: Resource, name: Value, resource: Resource) -> Iterator[IdentityPolicy]:
        here, there = policy.deployment.account, resource.deployment.account
        if isinstance(here, str) and isinstance(there, str) and here != there:
            return
        elsewhere = None
        if here != there:
            elsewhere = Unknown(f"whether {policy.id} is in the account of {resource.id} is not known")
        other = self._symbols.text(name)
        doubts = [part for part in parts_of(other) if isinstance(part, Unknown)]
        is_same = other == self._symbols.name_of(resource) and all(each.symbol for each in doubts)
        if is_same or (isinstance(name, Reference) and name.resource == resource.id):
            yield self._document(policy, elsewhere)
        elif doubts and not isinstance(name, Reference):
            yield self._document(policy, doubts[0])

    def _of_groups(self, user: Resource) -> Iterator[IdentityPolicy]:
        """What the groups of a user have."""
        by_name = {self._symbols.name_of(each): each for each in self._estate.of_type("AWS::IAM::Group")}
        for name, doubt in self._groups(user):
            if group := by_name.get(name):
                for policy in (*self._own(group), *self._attached(group)):
                    yield IdentityPolicy(id=policy.id, document=policy.document, doubt=policy.doubt or doubt)
            else:
                missing = Unknown(f"the templates do not have the policies of the group {name}")
                yield IdentityPolicy(id=f"policies of {name}", document=missing, doubt=doubt)

    def _groups(self, user: Resource) -> Iterator[tuple[SymbolicText, Unknown | None]]:
        """The names of a user's groups, and why nobody knows whether it is in them."""
        for each in _listed(user.declared.get("Groups")):
            yield self._symbols.text(each), None
        for addition in self._estate.of_type("AWS::IAM::UserToGroupAddition"):
            users = [self._symbols.text(each) for each in _listed(addition.declared.get("Users"))]
            if self._symbols.name_of(user) in users:
                doubt = unknown_of(addition.doubt) if addition.doubt else None
                yield self._symbols.text(addition.declared.get("GroupName")), doubt
