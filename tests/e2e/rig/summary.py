"""Says at the end of a run, loudly, that tests were left out because no engine can run here."""

from __future__ import annotations

import pytest

NEED = "they need root on Debian"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A hook of pytest's. It may be registered more than once, by several conftests: it speaks once."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NEED in str(report.longrepr)]
    if not skipped or getattr(terminalreporter, "said_of_e2e", False):
        return
    terminalreporter.said_of_e2e = True  # type: ignore[attr-defined]
    reason = str(skipped[0].longrepr).split(NEED, 1)[1].strip(" '\")(")
    terminalreporter.write_sep("!", f"e2e: {len(skipped)} tests NOT RUN: {NEED} ({reason})", red=True, bold=True)
