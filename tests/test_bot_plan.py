"""What the bot decides to do, from what is on the platform alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dockfix.frontends.bot.marker import mark_of, marked, retired
from dockfix.frontends.bot.plan import (
    Action,
    Close,
    Delete,
    Head,
    Hold,
    Leave,
    Open,
    Rules,
    There,
    Update,
    Wanted,
    plan,
)
from dockfix.frontends.bot.platform import Pull, State

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
RULES = Rules(NOW, max_open=2, per_hour=2)
EDIT, OTHER = "0123456789ab", "ba9876543210"


def _wanted(group: str = "safe", edit: str = EDIT, content: str = "c1") -> Wanted:
    return Wanted(group, edit, f"dockfix/{group}-{edit}", content, "title", f"body\n{marked(group, edit)}")


def _pull(number: int = 1, group: str = "safe", edit: str = EDIT, state: State = State.OPEN, days: int = 1) -> Pull:
    body = f"body\n{marked(group, edit)}"
    branch, created = f"dockfix/{group}-{edit}", NOW - timedelta(days=days)
    return Pull(number, branch, "main", state, "title", body, created)


def _plan(
    *wanted: Wanted,
    pulls: tuple[Pull, ...] = (),
    heads: dict[str, Head] | None = None,
    rules: Rules = RULES,
    sign: str = "#",
) -> list[Action]:
    if heads is None:
        heads = {pull.branch: Head("tip", "c1") for pull in pulls if pull.state is State.OPEN}
    return plan(wanted, There(pulls, heads, sign), rules)


def test_what_is_wanted_for_the_first_time_is_opened() -> None:
    assert _plan(_wanted()) == [Open(_wanted(), None)]


def test_what_is_as_it_should_be_is_let_be() -> None:
    assert _plan(_wanted(), pulls=(_pull(),)) == []


def test_a_body_that_the_platform_has_trimmed_is_as_it_should_be() -> None:
    pull = _pull()
    assert _plan(_wanted(), pulls=(pull._replace(body=pull.body.replace("\n", "  \r\n") + "\n\n"),)) == []


def test_a_new_base_moves_the_branch_of_the_pull_request_that_is_open() -> None:
    wanted = _wanted(content="c2")
    assert _plan(wanted, pulls=(_pull(),)) == [Update(_pull(), wanted, "tip", pushes=True, writes=False)]


def test_a_new_edit_goes_to_the_pull_request_that_is_open() -> None:
    wanted = _wanted(edit=OTHER, content="c2")
    assert _plan(wanted, pulls=(_pull(),)) == [Update(_pull(), wanted, "tip", pushes=True, writes=True)]


def test_a_body_that_somebody_has_edited_is_written_anew() -> None:
    pull = _pull()._replace(body="mine")
    assert _plan(_wanted(), pulls=(pull,)) == [Update(pull, _wanted(), "tip", pushes=False, writes=True)]


def test_a_branch_to_which_a_person_has_pushed_is_left_alone() -> None:
    wanted = _wanted(content="c2")
    assert _plan(wanted, pulls=(_pull(),), heads={_pull().branch: Head("tip", "")}) == [Leave(_pull())]


def test_what_a_person_asks_for_is_done_although_a_person_has_pushed() -> None:
    wanted, rules = _wanted(content="c2"), RULES._replace(asked=("safe",))
    heads = {_pull().branch: Head("tip", "")}
    assert _plan(wanted, pulls=(_pull(),), heads=heads, rules=rules) == [Update(_pull(), wanted, "tip", True, False)]


def test_what_was_closed_is_not_proposed_again() -> None:
    assert _plan(_wanted(), pulls=(_pull(7, state=State.CLOSED),)) == [
        Hold("safe", "#7 proposed the same, and was closed")
    ]


def test_a_reason_refers_to_a_pull_request_as_its_platform_does() -> None:
    assert _plan(_wanted(), pulls=(_pull(7, state=State.CLOSED),), sign="!") == [
        Hold("safe", "!7 proposed the same, and was closed")
    ]
    pulls = (_pull(9, edit=OTHER), _pull(4))
    assert _plan(_wanted(), pulls=pulls, sign="!") == [Close(pulls[0], "!4 proposes the same", "tip")]


def test_what_was_closed_after_it_had_changed_is_known_by_its_last_edit() -> None:
    pull = _pull(7, state=State.CLOSED)._replace(body=marked("safe", OTHER))
    assert _plan(_wanted(edit=OTHER), pulls=(pull,)) == [Hold("safe", "#7 proposed the same, and was closed")]
    assert _plan(_wanted(), pulls=(pull,)) == [Open(_wanted(), None)]


def test_another_edit_than_the_one_that_was_closed_is_proposed() -> None:
    assert _plan(_wanted(edit=OTHER), pulls=(_pull(state=State.CLOSED),)) == [Open(_wanted(edit=OTHER), None)]


def test_what_the_bot_itself_has_closed_may_come_back() -> None:
    pull = _pull(state=State.CLOSED)
    pull = pull._replace(body=retired(pull))
    assert _plan(_wanted(), pulls=(pull,)) == [Open(_wanted(), None)]
    assert (mark := mark_of(pull)) is not None
    assert mark.retired


def test_what_was_merged_and_is_wanted_again_is_proposed_again() -> None:
    heads = {_pull().branch: Head("tip", "c1")}
    assert _plan(_wanted(), pulls=(_pull(state=State.MERGED),), heads=heads) == [Open(_wanted(), "tip")]


def test_a_person_may_ask_for_what_was_closed() -> None:
    rules = RULES._replace(asked=("safe",))
    assert _plan(_wanted(), pulls=(_pull(state=State.CLOSED),), rules=rules) == [Open(_wanted(), None, asked=True)]


def test_what_nobody_wants_any_more_is_closed_with_the_reason() -> None:
    assert _plan(pulls=(_pull(),)) == [Close(_pull(), "nothing of it is left to do", "tip")]


def test_what_nobody_wants_any_more_stays_where_a_person_has_pushed() -> None:
    assert _plan(pulls=(_pull(),), heads={_pull().branch: Head("tip", "")}) == [Leave(_pull())]


def test_a_pull_request_without_its_branch_is_closed() -> None:
    reason = "its branch has been deleted"
    assert _plan(_wanted(), pulls=(_pull(),), heads={}) == [Close(_pull(), reason, None, is_declined=True)]


def test_a_pull_request_whose_branch_the_bot_has_deleted_is_closed_and_nobody_has_declined_it() -> None:
    # A run has ended between the two, and what nobody wanted then is wanted again.
    pull = _pull()._replace(body=retired(_pull()))
    assert _plan(_wanted(), pulls=(pull,), heads={}) == [Close(pull, "its branch has been deleted", None)]


def test_of_two_for_one_group_the_older_one_stays() -> None:
    pulls = (_pull(9, edit=OTHER), _pull(4))
    assert _plan(_wanted(), pulls=pulls) == [Close(pulls[0], "#4 proposes the same", "tip")]


def test_a_branch_that_a_run_left_without_a_pull_request_is_used() -> None:
    assert _plan(_wanted(), heads={_wanted().branch: Head("tip", "c0")}) == [Open(_wanted(), "tip")]


def test_a_branch_of_that_name_that_a_person_has_made_is_not_touched() -> None:
    [held] = _plan(_wanted(), heads={_wanted().branch: Head("tip", "")})
    assert held == Hold("safe", f"a person has pushed to {_wanted().branch}")


def test_a_branch_that_a_run_left_and_nobody_wants_is_deleted() -> None:
    heads = {"dockfix/safe-000000000000": Head("tip", "c0"), "dockfix/mine": Head("own", "")}
    assert _plan(heads=heads) == [Delete("dockfix/safe-000000000000", "tip")]


def test_no_more_are_open_than_may_be() -> None:
    made = _plan(_wanted(), _wanted("review"), _wanted("third"))
    assert made[:2] == [Open(_wanted(), None), Open(_wanted("review"), None)]
    assert made[2] == Hold("third", "2 of its pull requests are open, as many as there may be")


def test_no_more_are_opened_within_an_hour_than_may_be() -> None:
    done = tuple(_pull(n, edit=f"{n:012d}", state=State.MERGED, days=0) for n in (1, 2))
    assert _plan(_wanted(), pulls=done) == [Hold("safe", "2 were opened within an hour, as many as there may be")]


def test_outside_of_its_times_nothing_is_opened_but_what_is_open_is_kept_up() -> None:
    rules = RULES._replace(shut="it is not Monday")
    wanted = _wanted(content="c2")
    assert _plan(wanted, _wanted("review"), pulls=(_pull(),), rules=rules) == [
        Update(_pull(), wanted, "tip", pushes=True, writes=False),
        Hold("review", "it is not Monday"),
    ]


@pytest.mark.parametrize("branch", ["dockfix/safe", "feature/safe-0123456789ab", "dockfix/safe-xyz"])
def test_a_pull_request_from_another_branch_is_none_of_the_bots(branch: str) -> None:
    assert mark_of(_pull()._replace(branch=branch)) is None
    assert _plan(pulls=(_pull()._replace(branch=branch),), heads={branch: Head("tip", "")}) == []


def test_what_was_declined_is_declined_whatever_its_group_is_called_now() -> None:
    [held] = _plan(_wanted("caches"), pulls=(_pull(7, state=State.CLOSED),))
    assert held == Hold("caches", "#7 proposed the same, and was closed")


def test_a_group_of_another_name_takes_the_place_of_what_is_open_at_any_time() -> None:
    rules = RULES._replace(shut="it is not Monday", per_hour=0, max_open=1)
    assert _plan(_wanted("caches"), pulls=(_pull(),), rules=rules) == [
        Close(_pull(), "its group is called caches now", "tip"),
        Open(_wanted("caches"), None),
    ]


def test_a_group_of_another_name_is_not_opened_beside_one_to_which_a_person_has_pushed() -> None:
    assert _plan(_wanted("caches"), pulls=(_pull(),), heads={_pull().branch: Head("tip", "")}) == [
        Leave(_pull()),
        Hold("caches", "#1 proposed the same, and a person has pushed to it"),
    ]


def test_another_base_is_proposed_for_at_any_time() -> None:
    rules = RULES._replace(shut="it is not Monday", per_hour=0, base="next")
    assert _plan(_wanted(), pulls=(_pull(),), rules=rules) == [
        Close(_pull(), "it was for main, and next is the base now", None),
        Open(_wanted(), "tip"),
    ]
