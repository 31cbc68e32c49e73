"""When pull requests may be opened: a cron expression, each minute of which is one that they may be opened in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .settings import BotSettings

_LONGEST = 200  # characters of an expression


def schedule_problem(schedule: str) -> str:
    """What is wrong with a cron expression, as the end of a sentence; empty if nothing is, or if there is none."""
    if not schedule:
        return ""
    try:
        from croniter import croniter
    except ModuleNotFoundError:
        return "needs the package croniter: run pip install 'dockfix[bot]'"
    fields = schedule.split()
    if len(fields) != 5 or len(schedule) > _LONGEST or not croniter.is_valid(schedule):
        return "is no cron expression of five fields, as in `* 0-5 * * 1`"
    if fields[0] != "*":
        return "has to begin with `*`: in which minute the bot runs is not known"
    return ""


def timezone_problem(name: str) -> str:
    """What is wrong with the name of a time zone, as the end of a sentence; empty if nothing is."""
    if name == "UTC":
        return ""  # also where no time zones are installed
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "is no time zone of the IANA's, as in Europe/Berlin"
    return ""


def shut(settings: BotSettings, now: datetime) -> str:
    """Why nothing may be opened `now`, which has a time zone; empty if it may."""
    if not settings.schedule:
        return ""
    from croniter import croniter

    if croniter.match(settings.schedule, now.astimezone(ZoneInfo(settings.timezone))):
        return ""
    return f"it is not within the schedule {settings.schedule} ({settings.timezone})"
