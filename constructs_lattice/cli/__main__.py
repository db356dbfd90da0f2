"""The `lattice` command."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from constructs_lattice.authorization import Protocol as RequestProtocol
from constructs_lattice.cli.addresses import check_lock, forget_vpc, release_tier, show_lock
from constructs_lattice.cli.audit import audit_target
from constructs_lattice.cli.authorize import CallerOptions, RequestOptions, authorize_request
from constructs_lattice.cli.check import check_target
from constructs_lattice.cli.diff import diff_targets
from constructs_lattice.cli.permissions import list_permissions
from constructs_lattice.cli.reach import reach
from constructs_lattice.cli.show import show_assembly
from constructs_lattice.cli.trace import trace_connection
from constructs_lattice.errors import LatticeError
from constructs_lattice.reachability import Protocol

__all__ = ["main", "script"]

app = typer.Typer(
    name="lattice",
    help="Look at synthesized networks, and ask them who reaches whom.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

addresses = typer.Typer(no_args_is_help=True)
app.add_typer(addresses, name="addresses", help="Look at a lock file of addresses, check it, and make addresses free.")


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


class PlainFormat(StrEnum):
    """How answers and findings are written."""

    TEXT = "text"
    JSON = "json"


class DiffFormat(StrEnum):
    """How a difference is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


Target = Annotated[
    list[Path],
    typer.Argument(help="A cloud assembly such as cdk.out, one or more templates, or a file with `stacks:`."),
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("--parameter", help="A value for a parameter, as Name=value or Stack.Name=value; may be repeated."),
]

From = Annotated[
    str,
    typer.Option(
        "--from",
        help="What calls: a function, an instance, tasks, a role or user, a VPC, `anonymous` or `onprem`.",
    ),
]
Principal = Annotated[
    str | None,
    typer.Option(help="Who signs: a role or user, an ARN, or `anonymous`; by default as --from does."),
]
CallerVpc = Annotated[str | None, typer.Option(help="The VPC of the caller; that of --from by default.")]
PrincipalOrg = Annotated[str | None, typer.Option(help="The organization of the principal's account, such as o-….")]
PrincipalTag = Annotated[
    list[str] | None, typer.Option(help="A session tag of the principal, as key=value; may be repeated.")
]

Lock = Annotated[Path, typer.Argument(help="The lock file, such as addresses.lock.")]
VpcPath = Annotated[str, typer.Argument(help="The path of the VPC in the construct tree.")]


@app.command()
def check(
    target: Target,
    guarantees: Annotated[
        list[Path] | None, typer.Option(help="A file of guarantees; may be repeated. The target's own by default.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How the report is written.")] = Format.TEXT,
    parameter: Parameters = None,
) -> None:
    """Check guarantees. Exit code 0: all hold, 1: something does not, 2: bad input."""
    text, all_hold = check_target(target, guarantees or [], format, parameter or [])
    typer.echo(text)
    if not all_hold:
        raise typer.Exit(1)


@app.command()
def trace(  # noqa: PLR0917 - typer calls it by keyword
    target: Target,
    from_: Annotated[str, typer.Option("--from", help="Who opens the connection, such as `internet` or Stack.Web.")],
    to: Annotated[str, typer.Option(help="Whom it is to reach.")],
    protocol: Annotated[Protocol, typer.Option(help="tcp, udp, icmp or any.")] = Protocol.TCP,
    port: Annotated[int | None, typer.Option(help="The destination port; any by default.", min=0, max=65_535)] = None,
    parameter: Parameters = None,
) -> None:
    """Follow a connection hop by hop, or say why it fails."""
    typer.echo(trace_connection(target, from_, to, protocol, port, parameter or []))


@app.command("reach")
def reach_(
    target: Target,
    from_: Annotated[
        str | None, typer.Option("--from", help="Who opens connections, such as `internet` or Stack.Web.")
    ] = None,
    to: Annotated[str | None, typer.Option(help="Whom they are to reach, instead of --from.")] = None,
    parameter: Parameters = None,
) -> None:
    """List what somebody can reach, or who can reach something, with the ports."""
    typer.echo(reach(target, from_, to, parameter or []))


@app.command()
def authorize(  # noqa: PLR0917 - what a request has; typer calls it by keyword
    target: Target,
    from_: From,
    to: Annotated[str, typer.Option(help="The service, such as Stack.Orders.")],
    principal: Principal = None,
    vpc: CallerVpc = None,
    method: Annotated[str, typer.Option(help="The method.")] = "GET",
    path: Annotated[str, typer.Option(help="The path, without the query string.")] = "/",
    header: Annotated[list[str] | None, typer.Option(help="A header, as name=value; may be repeated.")] = None,
    query: Annotated[
        list[str] | None, typer.Option(help="A key of the query string, as key=value; may be repeated.")
    ] = None,
    protocol: Annotated[
        RequestProtocol, typer.Option(help="http, https, or tls for what is passed through.")
    ] = RequestProtocol.HTTPS,
    port: Annotated[
        int | None, typer.Option(help="The port of the listener; that of the protocol by default.", min=1, max=65_535)
    ] = None,
    service_network: Annotated[
        str | None, typer.Option(help="The service network to go through; any by default.")
    ] = None,
    principal_org: PrincipalOrg = None,
    principal_tag: PrincipalTag = None,
    source_account: Annotated[
        str | None, typer.Option(help="The account that owns the VPC; that of its stack by default.")
    ] = None,
    format: Annotated[PlainFormat, typer.Option(help="How the answer is written.")] = PlainFormat.TEXT,
    parameter: Parameters = None,
) -> None:
    """Say whether a request to a VPC Lattice service is allowed, which levels refuse it, and where it is routed."""
    caller = CallerOptions(
        source=from_,
        vpc=vpc,
        principal=principal,
        principal_org=principal_org,
        principal_tags=principal_tag or [],
        source_account=source_account,
    )
    request = RequestOptions(
        service=to,
        service_network=service_network,
        protocol=protocol,
        port=port,
        method=method,
        path=path,
        headers=header or [],
        query=query or [],
    )
    typer.echo(authorize_request(target, caller, request, format, parameter or []))


@app.command()
def permissions(  # noqa: PLR0917 - typer calls it by keyword
    target: Target,
    from_: Annotated[
        str | None, typer.Option("--from", help="Whose permissions: as of `authorize`; a role counts from all VPCs.")
    ] = None,
    to: Annotated[str | None, typer.Option(help="The service whose callers to list, such as Stack.Orders.")] = None,
    principal: Principal = None,
    vpc: CallerVpc = None,
    principal_org: PrincipalOrg = None,
    principal_tag: PrincipalTag = None,
    format: Annotated[PlainFormat, typer.Option(help="How the permissions are written.")] = PlainFormat.TEXT,
    parameter: Parameters = None,
) -> None:
    """List what somebody may call over VPC Lattice, or who may call a service."""
    caller = CallerOptions(
        source=from_,
        vpc=vpc,
        principal=principal,
        principal_org=principal_org,
        principal_tags=principal_tag or [],
    )
    typer.echo(list_permissions(target, caller, to, format, parameter or []))


@app.command("audit")
def audit_(
    target: Target,
    format: Annotated[PlainFormat, typer.Option(help="How the findings are written.")] = PlainFormat.TEXT,
    parameter: Parameters = None,
) -> None:
    """Find mistakes that networks often have. Exit code 0: none is found, 1: some are, 2: bad input."""
    text, is_clean = audit_target(target, format, parameter or [])
    typer.echo(text)
    if not is_clean:
        raise typer.Exit(1)


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(help="The assembly, template or file with `stacks:` as it was.")],
    after: Annotated[Path, typer.Argument(help="The same as it will be.")],
    format: Annotated[DiffFormat, typer.Option(help="How the difference is written.")] = DiffFormat.TEXT,
    parameter: Parameters = None,
) -> None:
    """Show which flows open and close from one version to another, and which resources are replaced."""
    typer.echo(diff_targets(before, after, format, parameter or []))


@app.command()
def show(assembly: Annotated[Path, typer.Argument(help="The directory, such as cdk.out.")]) -> None:
    """Print what a cloud assembly holds."""
    typer.echo(show_assembly(assembly))


@addresses.command("show")
def show_addresses(
    lock: Lock, vpc: Annotated[str | None, typer.Option(help="Only this VPC: its path in the construct tree.")] = None
) -> None:
    """Print every block, who has it, and what is kept for what was removed."""
    typer.echo(show_lock(lock, vpc=vpc))


@addresses.command("check")
def check_addresses(lock: Lock) -> None:
    """Fail when the file is damaged, contradicts itself or is out of order. Exit code 0, or 2."""
    typer.echo(check_lock(lock))


@addresses.command("release")
def release_addresses(
    lock: Lock,
    vpc: VpcPath,
    tier: Annotated[str, typer.Argument(help="The name of the tier.")],
    zone: Annotated[str | None, typer.Option(help="The key of the zone; all of them by default.")] = None,
) -> None:
    """Make free what a tier no longer has."""
    typer.echo(release_tier(lock, vpc, tier, zone))


@addresses.command("forget")
def forget_addresses(lock: Lock, vpc: VpcPath) -> None:
    """Make free what a VPC had that is gone."""
    typer.echo(forget_vpc(lock, vpc))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0, 1 where the command says so, or 2 for bad input."""
    try:
        app(args=None if arguments is None else list(arguments))
    except LatticeError as error:
        typer.echo(f"error: {error}", err=True)
        return 2
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    return 0


def script() -> None:
    """The installed command."""
    sys.exit(main())


if __name__ == "__main__":
    script()
