"""JSON over HTTP with every digit, in both directions."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse, Response

from finscribe.errors import InvoiceShapeError
from finscribe.exact_json import write_exactly
from finscribe.invoice import parse_json


class ExactResponse(JSONResponse):
    """JSON in which amounts keep the digits that are printed."""

    def render(self, content: Any) -> bytes:
        """Raises TypeError for what is no JSON."""
        return write_exactly(content).encode("utf-8", "backslashreplace")


class _ExactRequest(Request):
    async def json(self) -> Any:
        try:
            return parse_json((await self.body()).decode())
        except InvoiceShapeError as error:
            raise json.JSONDecodeError(error.message, "", 0) from error


class ExactRoute(APIRoute):
    """A route that reads numbers as `Decimal`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, given a request that reads so."""
        handle = super().get_route_handler()

        async def exactly(request: Request) -> Response:
            return await handle(_ExactRequest(request.scope, request.receive))

        return exactly
