"""Many repositories at once: each is worked on by itself, and one that fails does not stop the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait

from ..bug import describe
from .executors import Crew
from .journal import Journal, repository_of
from .processes import Lost
from .report import Report
from .task import Task

Work = Callable[[Task], Report]
"""What is done in a repository: a function of a module, which other processes can load by its name."""


def run(
    tasks: Iterable[Task],
    work: Work,
    crew: Crew,
    journal: Journal,
    *,
    tell: Callable[[Report], None],
    resume: bool = False,
) -> list[Report]:
    """The reports in the order of the tasks, each repository once; `tell` gets each as soon as it is there.

    To `resume` is to go on with the last run of the journal: what is done is not done again, and told at once; what was
    begun, or failed, is begun anew. Raises JournalError, and KeyboardInterrupt with all in the journal that had been
    told; who leaves the crew then ends what is still being done.
    """
    named = {repository_of(task): task for task in tasks}
    with journal.alone("run"):
        number = journal.start(named, is_dry=any(task.operator.dry_run for task in named.values()), resume=resume)
        reports = {one: report for one, report in journal.done(number).items() if one in named}
        for report in reports.values():
            tell(report)
        waiting = deque(one for one in named if one not in reports)
        going: dict[Future[Report], Task] = {}
        while waiting or going:
            while waiting and len(going) < crew.width:
                one = waiting.popleft()
                journal.begin(number, one)
                going[crew.executor.submit(work, named[one])] = named[one]
            for future in wait(going, return_when=FIRST_COMPLETED).done:
                task = going.pop(future)
                report = report_of(task, future)
                reports[repository_of(task)] = report
                journal.end(number, repository_of(task), report)
                tell(report)
        journal.finish(number)
    return [reports[one] for one in named]


def report_of(task: Task, future: Future[Report]) -> Report:
    """What a call that has ended came to, whatever became of it."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, Lost):
        return Report(task.repository, error=str(error), retry=error.retry)
    return Report(task.repository, error=describe(error))
