"""What a step of a Dockerfile reads and writes, and whether two neighbouring ones may change places."""

from .commute import objection
from .paths import EVERYTHING
from .step import Step, step_at
from .touch import touched, touched_at
from .touched import Touched

__all__ = ["EVERYTHING", "Step", "Touched", "objection", "step_at", "touched", "touched_at"]
