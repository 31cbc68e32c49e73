"""The parts of SARIF 2.1.0 that we write, named as the standard names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict


class Message(TypedDict):
    """3.11."""

    text: str
    markdown: NotRequired[str]


class ArtifactLocation(TypedDict):
    """3.4."""

    uri: str
    uriBaseId: NotRequired[str]


class Region(TypedDict):
    """3.30; without an end it reaches to the end of the line."""

    startLine: int
    startColumn: NotRequired[int]
    endLine: NotRequired[int]
    endColumn: NotRequired[int]


class PhysicalLocation(TypedDict):
    """3.29."""

    artifactLocation: ArtifactLocation
    region: NotRequired[Region]


class Location(TypedDict):
    """3.28."""

    physicalLocation: PhysicalLocation


class Content(TypedDict):
    """3.3; `binary` is Base64."""

    text: NotRequired[str]
    binary: NotRequired[str]


class Replacement(TypedDict):
    """3.57."""

    deletedRegion: Region
    insertedContent: Content


class ArtifactChange(TypedDict):
    """3.56."""

    artifactLocation: ArtifactLocation
    replacements: Sequence[Replacement]


class Fix(TypedDict):
    """3.55."""

    description: Message
    artifactChanges: Sequence[ArtifactChange]


class ResultProperties(TypedDict):
    """Our own, of changes: `fix` says why there is none."""

    level: str
    proof: str
    fix: NotRequired[str]


class Result(TypedDict):
    """3.27."""

    ruleId: str
    ruleIndex: int
    level: str
    message: Message
    locations: Sequence[Location]
    partialFingerprints: dict[str, str]
    fixes: NotRequired[Sequence[Fix]]
    properties: NotRequired[ResultProperties]


class RuleConfiguration(TypedDict):
    """3.50."""

    enabled: bool
    level: str


class RuleProperties(TypedDict):
    """Our own: how far the changes reach, and when the transform runs."""

    level: str
    phase: str


class Rule(TypedDict):
    """3.49, a reportingDescriptor."""

    id: str
    name: str
    shortDescription: Message
    fullDescription: Message
    help: Message
    defaultConfiguration: RuleConfiguration
    properties: RuleProperties


class Driver(TypedDict):
    """3.19."""

    name: str
    version: str
    rules: Sequence[Rule]


class Tool(TypedDict):
    """3.18."""

    driver: Driver


class Notification(TypedDict):
    """3.58."""

    level: str
    message: Message
    locations: Sequence[Location]


class Invocation(TypedDict):
    """3.20."""

    executionSuccessful: bool
    toolExecutionNotifications: Sequence[Notification]


class SarifRun(TypedDict):
    """3.14."""

    tool: Tool
    invocations: Sequence[Invocation]
    columnKind: str
    results: Sequence[Result]


Document = TypedDict("Document", {"$schema": str, "version": str, "runs": Sequence[SarifRun]})
"""3.13."""
