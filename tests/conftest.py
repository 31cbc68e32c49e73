"""What all processes of pytest load: the line about end-to-end tests that could not run comes from the first of them."""

from e2e.rig.summary import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]
