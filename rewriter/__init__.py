"""dockfix rewrites Dockerfiles: every edit small, explained, reversible and checked.

This is the public API: `rewrite` for those who use the tool, the rest for those who write transforms.
"""

from __future__ import annotations

from collections.abc import Mapping

from .engine.change import Change, Level, Outcome, Phase, Problem, Proof, Proposal, Refusal, Skip, Step
from .engine.cleaned import cleaned
from .engine.findings import Finding, Severity
from .engine.licences import (
    AddMount,
    AddStage,
    AppendCommand,
    ChangeCall,
    CopyFirst,
    DeleteSooner,
    DropChange,
    DropCleanup,
    DropFetched,
    DropRefresh,
    ExcludeCopied,
    FetchInStages,
    IgnoreDeleted,
    JoinCalls,
    Licence,
    MountCopied,
    MountFetched,
    MoveStep,
    NarrowContext,
    NarrowCopy,
    PrependCommand,
    Regroup,
    SetFlag,
    SplitStage,
    UseCopy,
)
from .engine.options import Options
from .engine.registry import context_transform, report, transform
from .engine.second_opinion import SecondOpinion
from .model.facts import Facts
from .syntax.edit import Edit

__all__ = [
    "AddMount",
    "AddStage",
    "AppendCommand",
    "Change",
    "ChangeCall",
    "CopyFirst",
    "DeleteSooner",
    "DropChange",
    "DropCleanup",
    "DropFetched",
    "DropRefresh",
    "Edit",
    "ExcludeCopied",
    "Facts",
    "FetchInStages",
    "Finding",
    "IgnoreDeleted",
    "JoinCalls",
    "Level",
    "Licence",
    "MountCopied",
    "MountFetched",
    "MoveStep",
    "NarrowContext",
    "NarrowCopy",
    "Options",
    "Outcome",
    "Phase",
    "PrependCommand",
    "Problem",
    "Proof",
    "Proposal",
    "Refusal",
    "Regroup",
    "SetFlag",
    "Severity",
    "Skip",
    "SplitStage",
    "Step",
    "UseCopy",
    "cleaned",
    "context_transform",
    "report",
    "rewrite",
    "transform",
]


def rewrite(
    files: Mapping[str, bytes],
    *,
    options: Options | None = None,
    second_opinion: SecondOpinion | None = None,
) -> Outcome:
    """Rewrite each Dockerfile of `files` (texts by path) with all installed transforms.

    Never raises on the files' content and never touches them on disk; what can't be read is in `errors`.
    """
    from .adapters.plugins import installed
    from .engine.run import rewrite as run

    return run(files, options=options, second_opinion=second_opinion, known=installed())
