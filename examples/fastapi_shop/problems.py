"""What a refusal of Lumia is in HTTP: one table, answered as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from lumia import errors

__all__ = ["STATUS", "add_problems"]

STATUS: Final[dict[type[errors.LumiaError], HTTPStatus]] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.LoginRefused: HTTPStatus.UNAUTHORIZED,
    errors.InvalidValue: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidReference: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.CouponRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    # One key for two different requests, as the draft of the Idempotency-Key header wants it.
    errors.IdempotencyConflict: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.AlreadyExists: HTTPStatus.CONFLICT,
    errors.InsufficientStock: HTTPStatus.CONFLICT,
    errors.UnavailableItem: HTTPStatus.CONFLICT,
    errors.TotalChanged: HTTPStatus.CONFLICT,
    errors.IllegalTransition: HTTPStatus.CONFLICT,
    # What the client may send again as it is; with the same Idempotency-Key nothing is done twice.
    errors.Conflict: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ConnectionLost: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.CommitOutcomeUnknown: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.PoolExhausted: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ServerUnreachable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StatementInterrupted: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The status of each error; whatever is not here is a fault of the shop's own: 500, and nothing of it is told."""


def add_problems(app: FastAPI) -> None:
    """Let an application answer Lumia's errors and malformed requests with problems."""
    app.add_exception_handler(errors.LumiaError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)


def _refused(_: Request, error: Exception) -> JSONResponse:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)
    # Lumia's messages hold no personal data; those of a broken database are for the log, not for a stranger.
    told = status is not HTTPStatus.INTERNAL_SERVER_ERROR
    headers = {"Retry-After": "1"} if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return _problem(type(error).__name__ if told else "Error", status, str(error) if told else "", headers)


def _malformed(_: Request, error: Exception) -> JSONResponse:
    # Where and why, never what: FastAPI's own answer repeats what was sent, a password too.
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    detail = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
    return _problem("InvalidValue", HTTPStatus.UNPROCESSABLE_ENTITY, detail, {})


def _problem(kind: str, status: HTTPStatus, detail: str, headers: dict[str, str]) -> JSONResponse:
    content = {"type": f"urn:lumia:{kind}", "title": kind, "status": int(status), "detail": detail}
    return JSONResponse(content, status, headers=headers, media_type="application/problem+json")
