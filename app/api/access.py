"""What a request works on, who makes it, and which role that takes.

Every router or route says what it takes, and every page does (`app.web.pages`):

    router = APIRouter(prefix="/api/v1/models", dependencies=[Depends(needs(Role.TRAINER))])

    @router.post("/{version}/promote", dependencies=[Depends(needs(Role.ADMIN))])
    def promote(behind: Behind, who: Who, version: str) -> JSONResponse: ...
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request

from app.backend import Backend
from app.roles import Role
from finscribe.errors import FinScribeError


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request; `name` is None for somebody at this machine, who needs no login."""

    name: str | None
    role: Role


class Forbidden(FinScribeError):
    """A caller whose role is too low."""

    code = "forbidden"


@dataclass(frozen=True, slots=True)
class Needs:
    """A dependency that turns away callers below a role; raises Forbidden."""

    role: Role

    def __call__(self, request: Request) -> None:
        """Passes who may go on."""
        who = get_caller(request)
        if not who.role.covers(self.role):
            raise Forbidden(
                f"this takes the role {self.role}, and yours is {who.role}",
                hint="Ask somebody who has it, or an admin for the role.",
            )


def needs(role: Role) -> Needs:
    """What a router, a route or a page declares, within `Depends`."""
    return Needs(role)


def get_caller(request: Request) -> Caller:
    """Who makes this request, as the guard at the door found."""
    caller: Caller = request.state.caller
    return caller


def get_backend(request: Request) -> Backend:
    """The backend that the application was made with."""
    backend: Backend = request.app.state.backend
    return backend


Behind = Annotated[Backend, Depends(get_backend)]
Who = Annotated[Caller, Depends(get_caller)]
DocumentId = Annotated[str, Path(description="The id of a document", max_length=64)]
