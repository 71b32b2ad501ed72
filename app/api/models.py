"""`/api/v1/models`: the versions, what the gate says, promotion and rollback."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from app.api.access import Behind, Who, needs
from app.api.answers import ID
from app.api.exact import ExactResponse
from app.api.problems import documented, of_error, respond
from app.learning.asking import Id
from app.roles import Role
from finscribe.errors import GateRefused
from finscribe.registry.gate import Verdict
from finscribe.registry.version import Version

router = APIRouter(prefix="/api/v1/models", tags=["learning"], dependencies=[Depends(needs(Role.TRAINER))])

VERSION = "v2-1b06c7aa"
Reference = Annotated[
    str, Path(description="An id, `v2` for short, or six characters of the hash", max_length=64)
]


class Condition(BaseModel):
    """What has to be true of a model that is to be served."""

    name: str = Field(examples=["no field regresses (Holm, 5%)"])
    passed: bool = Field(examples=[True])
    figure: str = Field(examples=["0 of 21 for certain, 2 are lower"])


class VerdictAnswer(BaseModel):
    """What the gate says."""

    passed: bool = Field(examples=[True])
    conditions: list[Condition]


class VersionAnswer(BaseModel):
    """A version of a model."""

    id: str = Field(examples=[VERSION])
    served: bool = Field(examples=[True])
    standing: str = Field(description="`gate passed`, `forced` or `not gated`", examples=["gate passed"])
    added: str = Field(examples=["2026-11-20T10:00:00Z"])
    base: str | None = Field(description="What it was trained from", examples=["starter"])
    dataset: str | None = Field(description="The version of its dataset", examples=["5f0c4e7d9a3b"])
    micro_f1: float | None = Field(description="On the gate set, where it was evaluated", examples=[0.91])
    removed: str | None = Field(description="When its files were pruned", examples=[None])
    forced: str | None = Field(description="Why it was promoted whatever the gate said", examples=[None])
    verdict: VerdictAnswer | None = None


class Event(BaseModel):
    """What was served when, and why."""

    what: str = Field(examples=["promoted"])
    version: str = Field(examples=[VERSION])
    time: str = Field(examples=["2026-11-20T10:00:00+00:00"])
    by: str = Field(description="The user of the process", examples=["finscribe"])
    said: str = Field(examples=[""])


class ModelsAnswer(BaseModel):
    """The versions, oldest first, what is served, and what happened."""

    served: str = Field(description="A folder, or a name on the hub", examples=[f"models/registry/{VERSION}"])
    versions: list[VersionAnswer]
    history: list[Event]


class CandidateRequest(BaseModel):
    """A model that is to be served, and what speaks for it."""

    model_config = ConfigDict(extra="forbid")

    candidate: str = Field(
        description="A training run that is done, or a version", max_length=64, examples=[ID]
    )
    evaluation: Id | None = Field(None, description="Its evaluation on a gate set, against what is served")
    validation: Id | None = Field(
        None, description="Its evaluation on a validation set: certifies what may be approved without a look"
    )


class PromoteRequest(CandidateRequest):
    """A model that is to be served now."""

    force: str | None = Field(
        None,
        description="A reason to serve it whatever the gate says; it is kept",
        min_length=1,
        max_length=1000,
        pattern=r"\S",
    )


class RollbackRequest(BaseModel):
    """The way back."""

    model_config = ConfigDict(extra="forbid")

    version: str | None = Field(None, description="Else the one before the one that is served", max_length=64)
    reason: str = Field("", max_length=1000, examples=["wrong totals on credit notes"])


class PromotedAnswer(BaseModel):
    """What is served from now on; running servers take it over within seconds."""

    version: str = Field(examples=[VERSION])
    switched: bool = Field(description="False where it was served already", examples=[True])
    verdict: VerdictAnswer | None = Field(None, description="What the gate said, where it was asked")


ADMINS = [Depends(needs(Role.ADMIN))]
CHANGED = documented(400, 403, 404, 409, 422, 503)


@router.get("", response_model=ModelsAnswer, responses=documented(403, 409, 503))
def list_models(behind: Behind) -> JSONResponse:
    """The versions of the served model, and what was served when."""
    models = behind.learning.models
    registry, now = models.registry, models.registry.served()
    versions = [version_answer(each, now) for each in registry.versions()]
    history = [asdict(event) for event in registry.history]
    return ExactResponse({"served": models.served(), "versions": versions, "history": history})


@router.get("/{version}", response_model=VersionAnswer, responses=documented(403, 404, 409, 422, 503))
def get_model(behind: Behind, version: Reference) -> JSONResponse:
    """One version, and what the gate said of it."""
    models = behind.learning.models
    return ExactResponse(version_answer(models.version(version), models.registry.served()))


@router.get("/{version}/card", responses=documented(403, 404, 409, 422, 503), response_class=Response)
def get_card(behind: Behind, version: Reference) -> Response:
    """The card of a version, in Markdown: data, scores, limits, how to make it again."""
    models = behind.learning.models
    card = models.registry.card_of(models.version(version)).read_text("utf-8")
    return Response(card, media_type="text/markdown; charset=utf-8")


@router.post("/gate", response_model=VerdictAnswer, responses=CHANGED)
def ask_gate(behind: Behind, body: CandidateRequest) -> JSONResponse:
    """What the gate would say of a candidate now; nothing changes."""
    claim = behind.learning.claim(**body.model_dump())
    return ExactResponse(verdict_answer(behind.learning.models.ask_gate(claim)))


@router.post("/promote", response_model=PromotedAnswer, responses=CHANGED, dependencies=ADMINS)
def promote(behind: Behind, who: Who, request: Request, body: PromoteRequest) -> Response:
    """Serves a candidate that passes the gate. A refusal is a 409 with the `verdict`, and nothing has changed."""
    claim = behind.learning.claim(**body.model_dump())
    try:
        promoted, verdict = behind.learning.promote(claim, who.name)
    except GateRefused as refused:
        verdict = behind.learning.models.ask_gate(claim)
        return respond(request, of_error(refused), extra={"verdict": verdict_answer(verdict)})
    answer = {"version": promoted.version.id, "switched": promoted.switched}
    return ExactResponse({**answer, "verdict": verdict and verdict_answer(verdict)})


@router.post("/rollback", response_model=PromotedAnswer, responses=CHANGED, dependencies=ADMINS)
def rollback(behind: Behind, who: Who, body: RollbackRequest) -> JSONResponse:
    """Serves what was served before, at once; the gate is not asked."""
    version = behind.learning.rollback(body.version, body.reason, who.name)
    return ExactResponse({"version": version.id, "switched": True, "verdict": None})


def version_answer(version: Version, served: Version | None) -> dict[str, Any]:
    """What is said of a version."""
    return {
        **{name: getattr(version, name) for name in ("id", "standing", "base", "dataset", "forced")},
        "served": served is not None and served.id == version.id,
        "added": version.added.isoformat(),
        "micro_f1": version.trial and version.trial.candidate.micro_f1,
        "removed": version.removed and version.removed.isoformat(),
        "verdict": version.verdict and verdict_answer(version.verdict),
    }


def verdict_answer(verdict: Verdict) -> dict[str, Any]:
    """What the gate said, condition by condition."""
    return {"passed": verdict.passed, "conditions": [asdict(each) for each in verdict.conditions]}
