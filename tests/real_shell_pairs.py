r"""Small RUN chains whose behaviour is known by running them: data for test_real_shell.py.

Each chain is a Dockerfile with one RUN for each script. A script is what stands behind `RUN ` in the
file, continuations and comments included; BuildKit's parser says what the shell gets. Scripts may
rely on these things only: an empty working folder (it stands for WORKDIR and is HOME too) with the
folders `bin` and `later`, in that order at the head of PATH, and `later/tool`, which prints `old`.

`STATE` goes by the rows of the process-state list: what one process keeps and a new one does not.
Not in it, because they need a container and not only a shell: the files that the engine mounts
(/etc/hosts, /dev/shm), RUN flags, heredocs. wrong_rewrites.py has those.
"""

from __future__ import annotations

from dataclasses import dataclass

DEBIAN = "FROM debian:12\n"
BASH = DEBIAN + 'SHELL ["/bin/bash", "-c"]\n'
ERREXIT = DEBIAN + 'SHELL ["/bin/sh", "-ec"]\n'
ERREXIT_BASH = DEBIAN + 'SHELL ["/bin/bash", "-e", "-o", "pipefail", "-c"]\n'
LOGIN = DEBIAN + 'SHELL ["/bin/bash", "-lc"]\n'


@dataclass(frozen=True)
class Pair:
    """A chain of RUNs.

    `plain_join_is_wrong`: joined by a bare ` && `, it behaves differently under at least one shell.
    `fails_either_way`: that difference is only the status with which the build fails.
    `stderr` is False where messages quote the script or a process number, so that a right merge may differ in them.
    """

    says: str
    runs: list[str]
    note: str = ""
    plain_join_is_wrong: bool = False
    head: str = DEBIAN
    between: str = ""
    end: str = "\n"
    fails_either_way: bool = False
    stderr: bool = True

    @property
    def text(self) -> str:
        return self.head + ("\n" + self.between).join(f"RUN {script}" for script in self.runs) + self.end


def wrong(says: str, runs: list[str], note: str = "", **more: object) -> Pair:
    return Pair(says, runs, note, plain_join_is_wrong=True, **more)  # type: ignore[arg-type]


# 70,000 bytes, on lines that BuildKit's parser takes.
BIG = ":" + f" \\\n    {'x' * 995}" * 70

# A process that does something as soon as the next RUN has begun, and a next RUN that gives it the time to.
LATE = "(until test -e go; do sleep 0.01; done; touch late)"
LOOK = "touch go; sleep 0.15; ls"

NEW_TOOL = r"printf '#!/bin/sh\necho new\n' > bin/tool && chmod +x bin/tool"

STATE: dict[str, list[Pair]] = {
    "cd": [
        wrong("a folder that the left side enters is left again", ["mkdir d && cd d", "pwd && touch here"]),
        wrong("a folder entered in a brace group is left again", ["{ mkdir d; cd d; }", "touch here"]),
        wrong("a folder entered in an if is left again", ["if mkdir d; then cd d; fi", "touch here"]),
        wrong("a folder entered in a loop is left again", ["for d in x y; do mkdir $d; cd $d; done", "touch here"]),
        wrong("a folder entered by a function is left again", ["go() { mkdir d && cd d; }; go", "touch here"]),
        wrong("a folder entered through a quoted cd is left again", ["mkdir d && 'cd' d", "touch here"]),
        wrong("a folder entered through an escaped cd is left again", [r"mkdir d && \cd d", "touch here"]),
        wrong("a folder entered through a half-quoted cd is left again", ['mkdir d && c""d d', "touch here"]),
        wrong("a folder entered through command cd is left again", ["mkdir d && command cd d", "touch here"]),
        wrong("a folder entered through a variable is left again", ["go=cd; mkdir d; $go d", "touch here"]),
        wrong("a folder entered through eval is left again", ['mkdir d && eval "cd d"', "touch here"]),
        wrong(
            "a folder entered by a sourced file is left again", ["mkdir d && echo cd d > go && . ./go", "touch here"]
        ),
        wrong("a folder entered through pushd is left again", ["mkdir d && pushd d", "touch here"], head=BASH),
        wrong("a folder that a right side enters is left before the third RUN", ["mkdir d", "cd d", "touch here"]),
        wrong("a new process has no folder to go back to", ["mkdir d; cd d; cd ..", "cd - && touch there"]),
        Pair("a folder entered in a subshell does not leak anyway", ["(mkdir d && cd d)", "touch here"]),
        Pair(
            "a folder entered in a pipeline does not leak anyway",
            ["echo d | { read d; mkdir $d; cd $d; }", "touch here"],
        ),
        wrong(
            "a folder entered before a failure changes nothing else",
            ["mkdir d && cd d || false", "touch here", "false"],
        ),
        Pair("a cd that fails stops the build", ["cd nowhere", "touch here"]),
        Pair("a cd in the last RUN needs no wrapping", ["mkdir d", "cd d && touch here"]),
        wrong("CDPATH does not leak", ["CDPATH=d; mkdir -p d/e", "cd e || echo no e here"]),
    ],
    "umask": [
        wrong("a file mask ends with its RUN", ["umask 077 && touch closed", "touch open && mkdir folder"]),
        wrong("a file mask set by the middle RUN ends with it", ["touch a", "umask 027; touch b", "touch c"]),
        Pair("a file mask set in a subshell does not leak anyway", ["( umask 077; touch a )", "touch b"]),
    ],
    "ulimit": [
        wrong("a limit on open files ends with its RUN", ["ulimit -n 64", "ulimit -n"]),
        wrong(
            "a limit on core files ends with its RUN", ["ulimit -S -c 0; ulimit -S -n 99 && echo set", "ulimit -S -n"]
        ),
        wrong(
            "a priority given to the shell by its number ends with its RUN",
            ["renice -n 5 -p $$ > log", "nice; rm log"],
            "a subshell does not help: $$ is the outer shell there",
        ),
    ],
    "variables": [
        wrong("a variable ends with its RUN", ["x=1", 'echo "[$x]"']),
        wrong("a variable set in front of others ends with its RUN", ["x=1; echo a", 'echo "[$x]"']),
        wrong("the variable of a for loop ends with its RUN", ["for i in 1 2; do echo $i; done", 'echo "[$i]"']),
        wrong("a variable that read sets ends with its RUN", ["echo v > f; read x < f", 'echo "[$x]"']),
        wrong("a variable set by default expansion ends with its RUN", [': "${x:=y}"', 'echo "[$x]"']),
        wrong("a variable set by default expansion in an argument ends with its RUN", ['echo "${x=y}"', 'echo "[$x]"']),
        wrong("a variable set by arithmetic ends with its RUN", ["echo $((x = 3))", 'echo "[$x]"']),
        wrong(
            "a variable counted up by arithmetic in a redirect ends with its RUN",
            ["echo a > f$((n += 1))", "echo b > f$((n += 1))"],
        ),
        wrong(
            "what getopts remembers ends with its RUN",
            ["set -- -a; getopts a o; echo $o", "set -- -b; getopts b o; echo $o"],
        ),
        wrong("a variable that was unset is back in the next RUN", ["unset HOME", 'test -n "$HOME" && echo yes']),
        wrong(
            "a readonly variable can be set in the next RUN",
            ["readonly x=1", "x=2; echo $x"],
            "the message of the failure names a line in one shell and not in the other",
            stderr=False,
        ),
        wrong("an assignment before a special built-in stays in dash and ends with its RUN", ["x=1 :", 'echo "[$x]"']),
        wrong("an assignment before eval stays in dash and ends with its RUN", ["x=1 eval true", 'echo "[$x]"']),
        wrong("a variable that a sourced file sets ends with its RUN", ["echo x=1 > f && . ./f", 'echo "[$x]"']),
        wrong("a variable that eval sets ends with its RUN", ["eval x=1", 'echo "[$x]"']),
        wrong("a variable set in a condition ends with its RUN", ["if x=$(echo v); then echo a; fi", 'echo "[$x]"']),
        wrong("a variable set in a case ends with its RUN", ["case a in a) x=1;; esac", 'echo "[$x]"']),
        wrong(
            "a variable set in a while condition ends with its RUN",
            ["while read x; do echo got $x; y=$x; done < later/tool", 'echo "[$y]"'],
        ),
        wrong("a variable set behind || ends with its RUN", ["false || x=1", 'echo "[$x]"']),
        wrong("a variable set in each of three RUNs ends with each", ["x=1; echo $x", "echo $x; x=2", 'echo "[$x]"']),
        wrong("printf -v ends with its RUN", ["printf -v x %s 1", 'echo "[$x]"'], head=BASH),
        wrong("let ends with its RUN", ["let x=5", 'echo "[$x]"'], head=BASH),
        wrong("an arithmetic command ends with its RUN", ["((x = 5))", 'echo "[$x]"'], head=BASH),
        wrong("an array ends with its RUN", ["a=(1 2 3)", 'echo "[${a[1]}]"'], head=BASH),
        wrong("an array element ends with its RUN", ["a[1]=2", 'echo "[${a[1]}]"'], head=BASH),
        wrong("mapfile ends with its RUN", ["mapfile -t a < later/tool", 'echo "${#a[@]}"'], head=BASH),
        wrong(
            "what a regular expression matched ends with its RUN",
            ["[[ abc =~ b. ]]", 'echo "[${BASH_REMATCH[0]}]"'],
            head=BASH,
        ),
        wrong("declare ends with its RUN", ["declare -i n=1+1; echo $n", "n=1+1; echo $n"], head=BASH),
        wrong("appending to a variable ends with its RUN", ["x+=a", 'x+=b; echo "[$x]"'], head=BASH),
        wrong(
            "the last argument that $_ remembers ends with its RUN",
            ["echo hello", 'test "$_" != hello && echo other'],
            head=BASH,
        ),
        Pair("an assignment before an ordinary command does not leak anyway", ["x=1 sh -c 'echo $x'", 'echo "[$x]"']),
        Pair(
            "IFS given to read alone does not leak anyway",
            ["echo a:b > f && ( IFS=: read x y < f && echo $y )", "v=1:2; echo $v"],
        ),
        Pair("a variable set in a subshell does not leak anyway", ["(x=1)", 'echo "[$x]"']),
        Pair("a variable set in a command substitution does not leak anyway", ["echo $(x=1; echo $x)", 'echo "[$x]"']),
        Pair("a variable that only the right side sets is seen there", ["echo a", 'x=1; echo "[$x]"']),
        Pair(
            "a variable of the same name set on both sides has the right side's value", ["x=1; echo $x", "x=2; echo $x"]
        ),
        Pair("a variable that no later RUN reads does no harm", ["v=1.2 && echo $v > version", "cat version"]),
    ],
    "export": [
        wrong("an exported variable ends with its RUN", ["export x=1", "sh -c 'echo \"[$x]\"'"]),
        wrong("a variable exported after the fact ends with its RUN", ["x=1; export x", "sh -c 'echo \"[$x]\"'"]),
        wrong(
            "an exported search path ends with its RUN",
            [NEW_TOOL + " && mkdir mine && mv bin/tool mine/ && export PATH=$PWD/mine:$PATH", "tool"],
        ),
        wrong(
            "an exported search path ends with its RUN, before a failure",
            ["export PATH=/nowhere", "mkdir made", "false"],
        ),
        wrong("an exported time zone ends with its RUN", ["export TZ=XYZ-3", "date +%Z"]),
        wrong(
            "a variable no longer exported is exported again in the next RUN",
            ["export -n HOME", "sh -c 'test -n \"$HOME\" && echo yes'"],
            head=BASH,
        ),
        wrong(
            "an exported function ends with its RUN",
            ["greet() { echo hi; }; export -f greet", "bash -c 'greet 2> /dev/null || echo none'"],
            head=BASH,
        ),
        wrong("declare -x ends with its RUN", ["declare -x x=1", "sh -c 'echo \"[$x]\"'"], head=BASH),
    ],
    "set": [
        wrong("set -u ends with its RUN", ["set -u", 'echo "[$undefined]"']),
        wrong("set -f ends with its RUN", ["set -f; echo *", "echo *"]),
        wrong("set -C ends with its RUN", ["set -C; echo a > f", "echo b > f; cat f"]),
        wrong("set -o noclobber ends with its RUN", ["set -o noclobber; echo a > f", "echo b > f; cat f"]),
        wrong("set -a ends with its RUN", ["set -a", "x=1; sh -c 'echo \"[$x]\"'"]),
        wrong("set -x ends with its RUN", ["set -x; echo a", "echo b"]),
        wrong("set -x before && ends with its RUN", ["set -x && echo a", "echo b"]),
        wrong("set -n skips only its own RUN", ["set -n", "echo b"]),
        wrong("set -o pipefail ends with its RUN", ["set -o pipefail; echo a", "false | true"], head=BASH),
        wrong("set -o posix ends with its RUN", ["set -o posix", "set -o | grep posix"], head=BASH),
        wrong("set -e ends with its RUN", ["set -e; echo a", "false; echo b"]),
        wrong("set -e in a condition's body ends with its RUN", ["if true; then set -e; fi", "false; echo b"]),
    ],
    "shopt": [
        wrong("shopt nullglob ends with its RUN", ["shopt -s nullglob", "echo *.none"], head=BASH),
        wrong("shopt dotglob ends with its RUN", ["shopt -s dotglob; touch .hidden", "echo *"], head=BASH),
        wrong(
            "shopt nocasematch ends with its RUN", ["shopt -s nocasematch", "[[ a == A ]] || echo differs"], head=BASH
        ),
        wrong("shopt failglob ends with its RUN", ["shopt -s failglob", "echo *.none"], head=BASH),
        wrong("enable -n ends with its RUN", ["enable -n echo", "type -t echo"], head=BASH),
        wrong(
            "BASHOPTS handed down ends with its RUN",
            ["export BASHOPTS; shopt -s nullglob", "bash -c 'echo *.none'"],
            head=BASH,
        ),
    ],
    "traps": [
        wrong("a trap on exit runs at the end of its own RUN", ["trap 'echo bye' EXIT; echo one", "echo two"]),
        wrong(
            "a trap on exit runs at the end of its own RUN when that fails",
            ["trap 'echo bye' EXIT; echo one", "echo two", "false"],
        ),
        Pair("a trap on exit runs once when its own RUN fails", ["trap 'echo bye' EXIT; false", "echo two"]),
        wrong(
            "a trap on exit set by eval runs at the end of its own RUN",
            ["eval \"trap 'echo bye' 0\"; echo one", "echo two"],
        ),
        wrong(
            "a signal ignored on the left is heard again on the right",
            ["trap '' TERM", "sh -c 'kill -TERM $$; echo still alive'"],
            "bash reports the killed process with its number",
            stderr=False,
        ),
        wrong(
            "a trap on debug ends with its RUN",
            ["trap 'echo step' DEBUG", "echo two"],
            head=BASH,
            note="the subshell inherits no DEBUG trap, but sets its own",
        ),
        wrong("a trap on errors ends with its RUN", ["trap 'echo oops' ERR", "false; echo two"], head=BASH),
        wrong(
            "a trap on errors that stops the build still stops it",
            ["trap 'exit 9' ERR; { false; echo missed; }", "echo two"],
            head=BASH,
            note="as errexit: inside an && list the trap is not run, wrapped or not",
        ),
        wrong(
            "a trap on errors that stops the build in a subshell still stops it",
            ["(trap 'exit 9' ERR; false; echo missed)", "echo two"],
            head=BASH,
        ),
    ],
    "functions": [
        wrong("a function ends with its RUN", ["greet() { echo hi; }; greet", "greet 2> err || echo none; rm -f err"]),
        wrong("a function in the place of a command ends with its RUN", ["ls() { echo fake; }; ls", "ls bin later"]),
        wrong(
            "a function in the place of a built-in ends with its RUN",
            ["echo() { printf 'f:%s\\n' \"$1\"; }; echo a", "echo b"],
        ),
        wrong("a function that eval makes ends with its RUN", ["eval 'tool() { echo fake; }'", "tool"]),
        wrong("a bash function ends with its RUN", ["function tool { echo fake; }; tool", "tool"], head=BASH),
        Pair("a function made in a subshell does not leak anyway", ["(tool() { echo fake; }; tool)", "tool"]),
    ],
    "aliases": [
        wrong(
            "an alias ends with its RUN",
            ["alias tool='echo fake'", "eval tool"],
            "an alias counts from the next parse on",
        ),
        wrong(
            "an alias in bash ends with its RUN",
            ["shopt -s expand_aliases; alias tool='echo fake'", "eval tool"],
            head=BASH,
        ),
        wrong(
            "an alias behind a sourced file ends with its RUN",
            ["echo \"alias tool='echo fake'\" > f; . ./f", "echo tool > g; . ./g"],
        ),
    ],
    "IFS": [
        wrong("IFS ends with its RUN", ["IFS=:", "v=a:b; for w in $v; do echo $w; done"]),
        wrong("an exported IFS ends with its RUN", ["export IFS=,; v=a,b; echo $v", "v=a,b; echo $v"]),
        wrong("an empty IFS ends with its RUN", ["IFS=; echo a", "v='1 2'; set -- $v; echo $#"]),
        wrong("an unset IFS ends with its RUN", ["IFS=x; echo a", "unset v; v='1 2'; set -- $v; echo $#"]),
    ],
    "positional parameters": [
        wrong("positional parameters end with their RUN", ["set -- a b", 'echo "$# $1"']),
        wrong(
            "positional parameters set by a substitution end with their RUN", ["set $(echo a b c); shift", 'echo "$#"']
        ),
        wrong("positional parameters feed no later for loop", ["set -- a b", "for i; do echo $i; done; echo end"]),
    ],
    "errexit": [
        wrong("set -e && a group that fails inside stops", ["set -e && { false; echo missed; }", "echo two"]),
        wrong("set -e; a group that fails inside stops", ["set -e; { false; echo missed; }", "echo two"]),
        wrong("set -e; a subshell that fails inside stops", ["set -e; (false; echo missed)", "echo two"]),
        wrong("set -e; an if that fails inside stops", ["set -e; if true; then false; echo missed; fi", "echo two"]),
        wrong(
            "set -e; an else that fails inside stops",
            ["set -e; if false; then :; else false; echo missed; fi", "echo two"],
        ),
        wrong("set -e; a function that fails inside stops", ["set -e; f() { false; echo missed; }; f", "echo two"]),
        wrong("set -e; a loop that fails inside stops", ["set -e; for i in 1 2; do false; echo $i; done", "echo two"]),
        wrong("set -e; a while that fails inside stops", ["set -e; while true; do false; break; done", "echo two"]),
        wrong("set -e; a case that fails inside stops", ["set -e; case a in a) false; echo missed;; esac", "echo two"]),
        wrong("a subshell with its own set -e that fails inside stops", ["(set -e; false; echo missed)", "echo two"]),
        wrong(
            "a subshell with its own set -e stops, in the middle",
            ["echo one", "(set -e; false; echo missed)", "echo three"],
        ),
        wrong("set -o errexit counts as set -e", ["set -o errexit; { false; echo missed; }", "echo two"]),
        wrong("set -eu counts as set -e", ["set -eu; { false; echo missed; }", "echo two"]),
        wrong("set -ex && counts as set -e", ["set -ex && { false; echo missed; }", "echo two"]),
        wrong("set -u -e counts as set -e", ["set -u -e; { false; echo missed; }", "echo two"]),
        wrong(
            "set -eo pipefail counts as set -e",
            ["set -eo pipefail; { false | true; echo missed; }", "echo two"],
            head=BASH,
        ),
        wrong(
            "set -o pipefail -o errexit counts as set -e",
            ["set -o pipefail -o errexit; { false | true; echo missed; }", "echo two"],
            head=BASH,
        ),
        wrong("set -e through eval counts", ["eval 'set -e'; { false; echo missed; }", "echo two"]),
        wrong("set -e through command counts", ["command set -e; { false; echo missed; }", "echo two"]),
        wrong("set -e through an escaped name counts", [r"\set -e; { false; echo missed; }", "echo two"]),
        wrong("set -e through a variable counts", ["f=-e; set $f; { false; echo missed; }", "echo two"]),
        wrong("set -e from a sourced file counts", ["echo set -e > f; . ./f; { false; echo missed; }", "echo two"]),
        wrong("set -e switched on in a branch counts", ["test -d bin && set -e; { false; echo missed; }", "echo two"]),
        wrong(
            "set -e; a nested list that fails inside stops",
            ["set -e; true && { true; false; echo missed; }", "echo two"],
        ),
        wrong(
            "set -e in a sequence on the right runs only after a success",
            ["false", "set -e; echo a; false; echo missed"],
        ),
        Pair(
            "set -e; a list of commands that fails stops",
            ["set -e; false; echo missed", "echo two"],
            "right as a plain join, wrong as ( ... ) && b: the trap that the wrapping of leaks sets",
        ),
        Pair("set -ex; a list of commands that fails stops", ["set -ex; echo one; false; echo missed", "echo two"]),
        Pair("set -eux; an unset variable stops", ['set -eux; echo "$undefined"; echo missed', "echo two"]),
        wrong("set -e in the middle RUN stops there", ["echo one", "set -e; { false; echo missed; }", "echo three"]),
        Pair(
            "set -e; a list that fails in the middle RUN stops",
            ["echo one", "set -e; false; echo missed", "echo three"],
        ),
        Pair("set -e on the right stops inside it", ["echo one", "set -e; false; echo missed"]),
        Pair("set -e && on the right stops inside it", ["echo one", "set -e && echo two && false && echo missed"]),
        Pair("set -e on both sides, failure on the left", ["set -e; false; echo missed", "set -e; echo two"]),
        Pair(
            "set -e on both sides, switched off on the right",
            ["set -e; { echo one; echo more; }", "set +e; false; echo two"],
        ),
        Pair("set -e on both sides, failure in the right list", ["set -e; echo one", "set -e; false; echo missed"]),
        Pair("set -e ignores a failing condition", ["set -e; if false; then echo a; fi; echo one", "echo two"]),
        Pair("set -e ignores a failure behind ||", ["set -e; false || true; echo one", "echo two"]),
        Pair("set -e ignores a negated command", ["set -e; ! true; echo one", "echo two"]),
        Pair("set -e ignores a failure inside an && list", ["set -e; false && true; echo one", "echo two"]),
        wrong(
            "set -e && list whose right group fails inside stops", ["set -e; true && (false; echo missed)", "echo two"]
        ),
        Pair("set -e sees a failed substitution", ["set -e; x=$(false); echo missed", "echo two"]),
        Pair("set -e switched off again stops nothing", ["set -e; echo one; set +e; false; echo on", "echo two"]),
        Pair("set -e in a child shell is the child's", ["sh -ec 'false; echo missed'", "echo two"]),
        Pair(
            "set -e in a child shell on the right is the child's",
            ["echo one", "sh -e -c '{ false; echo missed; }'", "echo three"],
        ),
        Pair(
            "set -e where the subshell is already in a list changes nothing",
            ["(set -e; false; echo on) || true", "echo two"],
        ),
        Pair("set -e with nothing that fails", ["set -e; echo one; echo more", "echo two"]),
        Pair("set -e && with nothing that fails", ["set -e && echo one && echo more", "echo two"]),
        Pair("SHELL with -e, single commands", ["echo one", "false", "echo three"], head=ERREXIT),
        Pair("SHELL with -e, && chains", ["echo one && false && echo missed", "echo two"], head=ERREXIT),
        Pair("SHELL with -e, a list that fails on the left", ["false; echo missed", "echo two"], head=ERREXIT),
        Pair("SHELL with -e, a list that fails on the right", ["echo one", "false; echo missed"], head=ERREXIT),
        wrong(
            "SHELL with -e, a list on the right after a failure in the left",
            ["{ echo one; false; echo missed; }", "echo a; echo b"],
            head=ERREXIT,
        ),
        wrong("SHELL with -e, a subshell that fails on the left", ["(false; echo missed)", "echo two"], head=ERREXIT),
        Pair(
            "SHELL with -e, a list that fails in the middle",
            ["echo one", "echo two; false; echo missed", "echo three"],
            head=ERREXIT,
        ),
        Pair("SHELL with -e, a group that fails on the right", ["echo one", "{ false; echo missed; }"], head=ERREXIT),
        wrong(
            "SHELL with -e, a group that fails in the middle",
            ["echo one", "{ false; echo missed; }", "echo three"],
            head=ERREXIT,
        ),
        wrong(
            "SHELL with -e and pipefail, a pipeline in a group fails on the left",
            ["{ false | cat; echo missed; }", "echo two"],
            head=ERREXIT_BASH,
        ),
        Pair(
            "SHELL with -e and pipefail, a pipeline fails on the left", ["false | cat", "echo two"], head=ERREXIT_BASH
        ),
        wrong(
            "SHELL with -e, a substitution on the left that fails inside",
            ["echo $(false; echo missed)", "echo two"],
            "dash, and bash called as sh, hand errexit down to a substitution, and that it is ignored too",
            head=ERREXIT,
        ),
        wrong(
            "SHELL with -e, a substitution in an assignment on the left that fails inside",
            ["x=$(false; echo missed)", "echo two"],
            head=ERREXIT,
        ),
        Pair(
            "SHELL with -e, switched off by the left side", ["set +e; false; echo on", "echo two; false"], head=ERREXIT
        ),
        wrong(
            "SHELL with -e, switched off by the left side only",
            ["set +e; false; echo on", "false; echo missed"],
            head=ERREXIT,
        ),
    ],
    "exit 0": [
        wrong("exit 0 on the left ends only its own RUN", ["echo one; exit 0", "echo two"]),
        wrong("exit 0 behind && on the left ends only its own RUN", ["test -d bin && exit 0", "echo two"]),
        wrong("exit 0 behind || on the left ends only its own RUN", ["test -d nothing || exit 0", "echo two"]),
        wrong(
            "exit 0 in an if on the left ends only its own RUN",
            ["if test -d bin; then exit 0; fi; echo missed", "echo two"],
        ),
        wrong("exit 0 in a function on the left ends only its own RUN", ["done_() { exit 0; }; done_", "echo two"]),
        wrong("exit 0 in a group on the left ends only its own RUN", ["{ echo one; exit 0; }", "echo two"]),
        wrong(
            "exit 0 in the middle ends only its own RUN",
            ["echo one", "test -f none || exit 0; echo missed", "echo three"],
        ),
        wrong("exit of a variable that is 0 ends only its own RUN", ["code=0; exit $code", "echo two"]),
        wrong("exit 00 ends only its own RUN", ["exit 00", "echo two"]),
        wrong("exit 256 is exit 0", ["exit 256", "echo two"], "the status is taken modulo 256"),
        wrong("exit 0 through eval ends only its own RUN", ["eval exit 0", "echo two"]),
        wrong("exit 0 through command ends only its own RUN", ["command exit 0", "echo two"]),
        wrong("exit 0 in a sourced file ends only its own RUN", ["echo exit 0 > f; . ./f", "echo two"]),
        wrong(
            "a return at the top of a script ends only its own RUN",
            ["echo one; return 0", "echo two"],
            "bash complains and goes on; dash ends the script",
        ),
        wrong(
            "a negated group with an exit in it ends only its own RUN",
            ["! { exit 0; }", "echo two"],
            "the exit is not negated",
        ),
        wrong("a negated if with an exit in it ends only its own RUN", ["! if true; then exit 0; fi", "echo two"]),
        wrong("a negated exit ends only its own RUN", ["! exit 0", "echo two"]),
        wrong(
            "a negated return at the top of a script ends only its own RUN", ["! if x=1; then return 0; fi", "echo two"]
        ),
        wrong(
            "a return at the top of a script, in a loop, ends only its own RUN",
            ["while cd bin; do return 0; break; done", "echo two > two"],
            "bash called as sh ends with an error; wrapped in a subshell left of && it goes on as if nothing were",
        ),
        Pair("a negated non-zero exit stops", ["! exit 3", "echo two"]),
        Pair("a negated group with a non-zero exit in it stops", ["! { cd bin; exit 3; }", "echo two"]),
        Pair(
            "a negated special built-in that fails stops dash",
            ["! shift", "echo two"],
            "the error ends dash and is not negated; of a subshell it would be",
            stderr=False,
        ),
        Pair("exit 0 at the end of the last RUN is harmless", ["echo one", "echo two; exit 0"]),
        wrong("exit 0 on the right is not reached after a failure", ["false", "echo two; exit 0"]),
        Pair("exit 0 in a subshell is harmless", ["(exit 0)", "echo two"]),
        Pair("exit 0 in a child shell is harmless", ["sh -c 'exit 0'", "echo two"]),
        Pair("a non-zero exit on the left is harmless", ["echo one; exit 7", "echo two"]),
        Pair("a non-zero exit that is not reached is harmless", ["test -d bin || exit 4", "echo two"]),
        Pair("a non-zero exit that is reached is harmless", ["test -d nothing || exit 4", "echo two"]),
        wrong(
            "a non-zero exit on the right after a failure on the left",
            ["sh -c 'exit 3'", "test -d nothing || exit 4"],
            fails_either_way=True,
        ),
        Pair("a non-zero exit in an if is harmless", ["if test -f none; then exit 1; fi", "echo two"]),
    ],
    "bare exit": [
        wrong("a bare exit on the left ends only its own RUN", ["echo one; exit", "echo two"]),
        wrong("a bare exit after && ends only its own RUN", ["echo one && exit", "echo two"]),
        wrong("a negated bare exit ends only its own RUN", ["! { ! exit; }", "echo two"]),
        wrong("a bare exit in the middle ends only its own RUN", ["echo one", "true; exit", "echo three"]),
        Pair("a bare exit after a failure fails", ["false || exit", "echo two"]),
        wrong("exit of the last status ends only its own RUN", ["echo one; exit $?", "echo two"]),
    ],
    "exec": [
        wrong("exec of a command ends only its own RUN", ["exec echo one", "echo two"]),
        wrong("exec of a command behind && ends only its own RUN", ["echo one && exec echo more", "echo two"]),
        Pair(
            "exec of a command that fails stops, whatever stands behind it", ["exec sh -c 'exit 5' || true", "echo two"]
        ),
        wrong("a negated exec ends only its own RUN", ["! exec echo one", "echo two"]),
        wrong(
            "an exec in a negated loop ends only its own RUN", ["! for i in 1 2; do exec echo one; done", "echo two"]
        ),
        wrong("exec with a redirect only ends with its RUN", ["exec > log; echo one", "echo two"]),
        wrong(
            "exec that opens a file ends with its RUN",
            ["exec 3> f; echo one >&3", "echo two 2> err >&3 || echo closed; rm err"],
            "the closed descriptor makes dash and bash complain in different places",
            stderr=False,
        ),
        wrong("exec that silences errors ends with its RUN", ["exec 2> /dev/null", "echo two >&2"]),
        wrong("exec that opens a named descriptor ends with its RUN", ["exec {fd}> f", 'echo "[$fd]"'], head=BASH),
        wrong("exec that replaces standard input ends with its RUN", ["exec < later/tool", "cat"]),
    ],
    "trailing comment": [
        wrong("a comment at the end of the left side ends there", ["echo one # the first", "echo two"]),
        wrong("a comment at the end of the middle ends there", ["echo one", "echo two # the second", "echo three"]),
        wrong("a RUN that is only a comment does nothing", ["# nothing here", "echo two"]),
        wrong("a comment behind a semicolon ends there", ["echo one;# the first", "echo two"]),
        wrong("a comment at the end of an or list on the right ends there", ["false", "echo two || true # never mind"]),
        Pair("a comment at the end of the right side ends there", ["echo one", "echo two # the second"]),
        Pair("a hash inside a word is no comment", ["echo a#b", "echo c#d"]),
        Pair("a hash in quotes is no comment", ["echo '# a' \"b # c\"", "echo two"]),
        Pair("an escaped hash is no comment", [r"echo \# a", "echo two"]),
        Pair("a hash in an expansion is no comment", ["v=abc; echo ${v#a} ${#v} $#", "echo two"]),
    ],
    "trailing ;": [
        wrong("a semicolon at the end of the left side", ["echo one;", "echo two"]),
        wrong("a semicolon at the end of the left side, after a blank", ["echo one ;", "echo two"]),
        wrong(
            "a semicolon at the end of a left side that fails",
            ["false;", "echo two"],
            "the message of the syntax error",
            stderr=False,
        ),
        wrong("a semicolon at the end of every side", ["echo one;", "echo two;", "echo three;"]),
        Pair("a semicolon at the end of the right side", ["echo one", "echo two;"]),
        wrong("a semicolon at the end of a right side that needs a group", ["false", "echo two; echo three;"]),
        wrong("a semicolon at the end of a left list", ["echo one; false;", "echo two"], stderr=False),
    ],
    "trailing &": [
        wrong("an ampersand at the end of the left side", ["sleep 0.05 &", "echo two"]),
        wrong("an ampersand at the end of the left side, glued", ["sleep 0.05&", "echo two"]),
        wrong("an ampersand at the end of the middle", ["echo one", f"{LATE} &", LOOK]),
        wrong(
            "an ampersand at the end of the right side takes no more than that",
            ["sleep 0.05 && touch made", "true &"],
            "joined, the whole list is a background job, and ends with the RUN",
        ),
        wrong(
            "an ampersand at the end of the right side, after a failure",
            ["false", "sleep 0.05 &"],
            "joined, the whole list is a background job, whose failure nobody sees",
        ),
    ],
    "right side x || true": [
        wrong("x || true on the right forgives only itself", ["false", "true || true"]),
        wrong("x || echo on the right forgives only itself", ["false", "cat none || echo rescued"]),
        wrong("x && y || z on the right forgives only itself", ["sh -c 'exit 3'", "true && false || echo rescued"]),
        wrong("x || true in the middle forgives only itself", ["false", "false || true", "echo three"]),
        wrong("x || true at the end forgives only itself", ["echo one", "false", "false || true"]),
        wrong(
            "x || exit on the right answers only for itself",
            ["sh -c 'exit 3'", "false || exit 5"],
            fails_either_way=True,
        ),
        wrong("x | y || z on the right forgives only itself", ["false", "cat none | grep x || echo rescued"]),
        Pair("x || true on the left needs no group", ["false || true", "echo two"]),
        Pair("x || y that both fail on the left stop", ["false || sh -c 'exit 6'", "echo two"]),
        Pair("x || y || z on the right, nothing failed before", ["echo one", "false || false || echo third"]),
        Pair("x || true in each of three", ["false || true", "false || true", "false || echo three"]),
    ],
    "right side x; y": [
        wrong("x; y on the right does not run after a failure", ["false", "echo a; echo b"]),
        wrong("x; y in the middle does not run after a failure", ["false", "echo a; echo b", "echo c"]),
        wrong("x; y on the right with a failing first goes on", ["false", "false; echo b"]),
        Pair("x; y on the right with a failing first goes on after a success", ["echo a", "false; echo b"]),
        Pair("x; y on the left with a failing first goes on", ["false; echo b", "echo c"]),
        Pair("x; y on the left with a failing last stops", ["echo a; false", "echo c"]),
        wrong("x; y; z on both sides", ["echo a; false; sh -c 'exit 4'", "echo d; echo e; echo f"]),
        wrong("a function and its call on the right do not run after a failure", ["false", "f() { echo f; }; f"]),
        wrong("x && y; z on the right does not run after a failure", ["false", "echo a && echo b; echo c"]),
    ],
    "command hash": [
        wrong(
            "a command that the left side calls and replaces is the new one on the right",
            [f"tool && {NEW_TOOL}", "tool"],
        ),
        wrong(
            "a command that the first RUN calls and the second replaces is the new one in the third",
            ["tool", NEW_TOOL, "tool"],
        ),
        wrong(
            "a command called in the first and replaced in the same, used in the third",
            [f"tool && {NEW_TOOL}", "echo between", "tool"],
        ),
        wrong(
            "a command that the left side makes, calls and removes is the old one on the right",
            [f"{NEW_TOOL} && tool && rm bin/tool", "tool"],
        ),
        wrong(
            "a replaced command is the new one in a pipeline on the right",
            [f"tool | cat; tool; {NEW_TOOL}", "echo x; tool"],
        ),
        wrong("a replaced command is the new one behind env on the right", [f"tool; {NEW_TOOL}", "x=1 tool"]),
        Pair("a command called only in a subshell is not remembered", [f"(tool) && {NEW_TOOL}", "tool"]),
        Pair("a command called by its path is not remembered", [f"later/tool && {NEW_TOOL}", "tool"]),
        Pair("a command that is new to both sides is found", [NEW_TOOL, "tool"]),
        Pair("a replaced command called through a child is found anew", [f"tool && {NEW_TOOL}", "sh -c tool"]),
        wrong("the list of remembered commands is empty in a new RUN", ["tool", "hash | wc -l | grep -c 0; true"]),
        wrong(
            "a remembered path given by hand ends with its RUN",
            [f"{NEW_TOOL} && mv bin/tool mine && hash -p ./mine tool && tool", "tool"],
            head=BASH,
        ),
    ],
    "start-up files": [
        wrong(
            "a login shell reads what the left side wrote", ["echo 'x=1' > .bash_profile", 'echo "[$x]"'], head=LOGIN
        ),
        wrong(
            "a shell with BASH_ENV reads what the left side wrote",
            ["echo 'x=1' > env.sh", 'echo "[$x]"'],
            head=DEBIAN + "ENV BASH_ENV=./env.sh\n" + 'SHELL ["/bin/bash", "-c"]\n',
        ),
    ],
    "background processes": [
        wrong("a background process ends with its RUN", [f"{LATE} & echo one", LOOK]),
        wrong(
            "a background process without a subshell ends with its RUN",
            [f"{{ {LATE}; }} > /dev/null 2>&1 & true", LOOK],
        ),
        wrong("a background process in an if ends with its RUN", [f"if true; then {LATE} & fi", LOOK]),
        wrong("a background process of a subshell ends with its RUN", [f"({LATE} &)", LOOK]),
        wrong("a background process of a child shell ends with its RUN", [f"sh -c '{LATE} &'", LOOK]),
        wrong("a background process that eval starts ends with its RUN", [f"eval '{LATE} &'", LOOK]),
        wrong("a background process of a function ends with its RUN", [f"serve() {{ {LATE} & }}; serve", LOOK]),
        wrong(
            "a background process of a substitution ends with its RUN", [f"echo $( {LATE} > /dev/null & echo x)", LOOK]
        ),
        wrong("a background process of the middle RUN ends with it", ["echo one", f"{LATE} & true", LOOK]),
        wrong("wait on the right does not see a failure on the left", ["false", "true & wait"]),
        wrong("the number of a background process ends with its RUN", ["sleep 0.05 & echo one", 'wait; echo "[$!]"']),
        Pair("a background process that is waited for", ["sleep 0.02 & wait", "echo two"]),
    ],
    "size": [
        wrong("two scripts that fit apart do not fit together", [BIG, "echo two", BIG]),
    ],
    "unfinished text": [
        wrong(
            "an open group on the left is an error",
            ["{ echo a", "echo b; }"],
            "the message quotes the text",
            stderr=False,
        ),
        wrong("an open subshell on the left is an error", ["(echo a", "echo b)"], stderr=False),
        wrong("an open quote on the left is an error", ['echo "a', 'b"'], stderr=False),
        wrong("an open single quote on the left is an error", ["echo 'a", "b'"], stderr=False),
        wrong("an open substitution on the left is an error", ["echo $(echo a", "echo b)"], stderr=False),
        wrong("an open if on the left is an error", ["if true; then echo a", "echo b; fi"], stderr=False),
        Pair("an && at the end of the left side is an error", ["echo a &&", "echo b"], stderr=False),
        Pair("a pipe at the end of the left side is an error", ["echo a |", "cat"], stderr=False),
        Pair("a stray closing brace on the right is an error", ["true", "}"], stderr=False),
    ],
}

PLAIN = [
    Pair("two that succeed", ["echo one", "echo two"]),
    Pair("three that succeed", ["echo one", "echo two", "echo three"]),
    Pair("a failure on the left", ["false", "echo two"]),
    Pair("a failure on the right", ["echo one", "false"]),
    Pair("a failure in the middle keeps its status", ["echo one", "sh -c 'exit 3'", "echo three"]),
    Pair("a failure in the last of three", ["echo one", "echo two", "sh -c 'exit 3'"]),
    Pair("a failure in the first of an && chain", ["false && echo a", "echo b"]),
    Pair("a failure in the middle of an && chain", ["echo a && false && echo b", "echo c"]),
    Pair("a failure in the last of an && chain", ["echo a && false", "echo b && echo c"]),
    Pair("a failure in the right && chain", ["echo a && echo b", "echo c && false && echo d"]),
    Pair("a command that does not exist", ["no-such-command", "echo two"]),
    Pair("a command that does not exist on the right", ["echo one", "no-such-command"]),
    Pair("a file that cannot be executed", ["touch f", "./f", "echo three"]),
    Pair(
        "a process killed by a signal",
        ["sh -c 'kill -9 $$'", "echo two"],
        "bash reports the process number",
        stderr=False,
    ),
    Pair("a shell that kills itself", ["kill -9 $$", "echo two"]),
    Pair("an unset variable with a message", [': "${missing:?must be set}"', "echo two"]),
    Pair("a redirect that fails", ["echo x > no/such/file", "echo two"]),
    Pair("a redirect that fails on the right", ["echo one", "echo x > no/such/file"]),
    Pair("files made, used and removed", ["mkdir d && touch d/f", "mv d/f g", "rm -r d"]),
    Pair("modes and links stay", ["touch f && chmod 640 f", "ln -s f g && mkdir -m 700 h"]),
    Pair("a test that is false on the left stops", ["[ -f none ] && echo yes", "echo two"]),
    Pair("a test that is true on the left goes on", ["[ -d bin ] && echo yes", "echo two"]),
    Pair("a negated failure goes on", ["! false", "echo two"]),
    Pair("a negated success stops", ["! true", "echo two"]),
    Pair("a negated success on the right stops", ["echo one", "! true"]),
    Pair("a negated pipeline on the right", ["echo one", "! echo a | grep b"]),
    Pair("a pipeline whose last fails stops", ["echo a | grep b", "echo two"]),
    Pair("a pipeline whose first fails goes on", ["false | cat", "echo two"]),
    Pair("pipelines on both sides", ["printf 'b\\na\\n' | sort > f", "cat f | tr a x | tee g"]),
    Pair("an if without a branch succeeds", ["if false; then echo x; fi", "echo two"]),
    Pair("an if on the right after a failure", ["false", "if true; then echo x; fi"]),
    Pair(
        "an if with elif and else on both sides",
        ["if false; then echo a; elif true; then echo b; else echo c; fi", "if false; then echo d; else echo e; fi"],
    ),
    Pair("a for loop on both sides", ["for i in 1 2; do touch f$i; done", "for i in 1 2; do mv f$i g$i; done"]),
    Pair("a for loop whose last round fails stops", ["for i in a b; do test $i = a; done", "echo two"]),
    Pair("a for loop whose first round fails goes on", ["for i in a b; do test $i = b; done", "echo two"]),
    Pair("a while loop on the right after a failure", ["false", "while true; do echo x; break; done"]),
    Pair("an until loop on the left", ["until test -f f; do touch f; done", "ls f"]),
    Pair("a case on both sides", ["case a in a) echo A;; *) echo other;; esac", "case b in a) false;; esac"]),
    Pair("a case whose branch fails stops", ["case a in a) false;; esac", "echo two"]),
    Pair("a subshell on the left fails", ["(echo a; false)", "echo two"]),
    Pair("a subshell on the right fails", ["echo one", "(echo a; exit 4)"]),
    Pair("a group on the left fails", ["{ echo a; false; }", "echo two"]),
    Pair("a group on the left in a list", ["{ echo a; false; } || { echo b; true; }", "echo two"]),
    Pair("nested groups and subshells", ["{ (echo a && { echo b; }) || false; }", "( { echo c; (exit 2); } )"]),
    Pair("a redirect at the end of a chain belongs to the last command", ["echo a && echo b > f", "cat f"]),
    Pair("a redirect at the end of an or chain belongs to the last command", ["false || echo b > f", "cat f"]),
    Pair("a redirect of a group covers it", ["{ echo a; echo b; } > f 2>&1", "cat f"]),
    Pair("a redirect of the right side covers only that", ["echo a", "{ echo b; echo c; } > f"]),
    Pair("a redirect alone makes a file", ["> empty", "ls empty"]),
    Pair("append and input redirects", ["echo a > f && echo b >> f", "cat < f > g"]),
    Pair("messages on standard error", ["echo a >&2", "echo b >&2; echo c"]),
    Pair("standard input is empty in both", ["cat", "cat && echo end"]),
    Pair("substitutions and backquotes", ["echo $(echo a; echo b)", "echo `echo c` \"$(printf '%s' d)\""]),
    Pair("a failing substitution in an argument goes on", ["echo a$(false)", "echo b"]),
    Pair("a failing substitution in an assignment stops", ["x=$(false)", "echo b"]),
    Pair("quotes inside quotes", ["echo 'it'\"'\"'s' \"a\\\"b\"", r"echo \$HOME '$HOME' \\"]),
    Pair("a shift in arithmetic is no heredoc", ["echo $((1<<2))", "echo $((8>>1))"]),
    Pair("a heredoc opener in quotes is none", ['echo "<<EOF"', "echo '<<EOF'"]),
    Pair("a here-string is no heredoc", ["cat <<< one", "cat <<< two"], head=BASH),
    Pair("braces and globs", ["touch a.x b.x", "ls *.x"]),
    Pair("conditions of bash", ["[[ -d bin && ! -f none ]]", "[[ a == b ]] || echo differs"], head=BASH),
    Pair("the line number stays", ["echo $LINENO", "echo $LINENO"]),
    Pair("the last status is fresh", ["false || true", "echo $?"]),
    Pair("the exec form is left alone", ['["echo", "one"]', "echo two"]),
    Pair("the exec form on the right is left alone", ["echo one", '["sh", "-c", "exit 3"]']),
    Pair("what only looks like the exec form is shell text", ["[ -d bin ]", "echo two"]),
]

LAYOUT = [
    Pair("a comment between two RUNs", ["echo one", "echo two"], between="# for the second\n"),
    Pair(
        "a comment with shell signs between two RUNs", ["echo one", "echo two"], between="# it's \"open && ( { $( \\\n"
    ),
    Pair(
        "blank lines and comments between three RUNs",
        ["echo one", "false", "echo three"],
        between="\n\n  # indented\n\n# last\n\n",
    ),
    Pair("a continuation on the left", ["echo one && \\\n    echo more", "echo two"]),
    Pair(
        "a continuation on both sides",
        ["echo one \\\n    && echo more", "echo two \\\n    && false \\\n    && echo missed"],
    ),
    Pair("a comment inside a continuation", ["echo one \\\n    # about the next\n    && echo more", "echo two"]),
    Pair("a comment with a quote inside a continuation", ["echo one \\\n# don't\n    && echo more", "echo two"]),
    wrong(
        "a comment inside a continuation of a right side that needs a group",
        ["false", "echo two \\\n    # never mind\n    || true"],
    ),
    Pair("a blank line inside a continuation", ["echo one \\\n\n    && echo more", "echo two"]),
    Pair("blanks behind the escape character", ["echo one \\  \n    && echo more", "echo two"]),
    Pair("a tab behind the escape character", ["echo one \\\t\n\t&& echo more", "echo two"]),
    Pair("a word split by a continuation", ["echo o\\\nne", "echo two"]),
    Pair("a quoted word over a continuation", ['echo "one \\\n    more"', "echo two"]),
    Pair("a comment line inside a quoted word is dropped", ['echo "one \\\n# gone\n    more"', "echo two"]),
    wrong("a trailing comment over a continuation", ["echo one # the \\\n    first && echo missed", "echo two"]),
    Pair("a chain with trailing &&", ["echo one && \\\n    echo more", "echo two && \\\n    echo end"]),
    wrong(
        "a chain of semicolons over lines", ["sh -c 'exit 3'; \\\n    false; \\\n    false", "echo a; \\\n    echo b"]
    ),
    wrong("a left list that leaks over lines", ["mkdir d; \\\n    # into it\n    cd d", "touch here; \\\n    echo b"]),
    Pair(
        "an if over lines",
        ["if true; then \\\n        echo a; \\\n    fi", "for i in 1 2; do \\\n        echo $i; \\\n    done"],
    ),
    Pair("a left side that starts on the next line", ["\\\n    echo one && \\\n    echo more", "\\\n    echo two"]),
    Pair("a last line that ends in the escape character", ["echo one", "echo two \\"], end="\n"),
    wrong("a last line that ends in the escape character, in a group", ["false", "echo two || true \\"], end="\n"),
    Pair("no final newline", ["echo one", "echo two"], end=""),
    wrong("no final newline, in a group", ["false", "echo two || true"], end=""),
    Pair(
        "a backquote as escape character",
        ["echo one `\n    && echo more", "echo two `\n    && echo c:\\d"],
        head="# escape=`\n" + DEBIAN,
    ),
    wrong(
        "a backquote as escape character, in a group",
        ["false", "echo two `\n    || true"],
        head="# escape=`\n" + DEBIAN,
    ),
    Pair("many blanks and tabs", ["   echo one\t", "\techo two   "]),
    Pair("letters beyond ASCII", ["echo 'grüße'", "echo \"日本\" > 'ß'"], between="# naïve\n"),
]

PAIRS: list[Pair] = [*PLAIN, *LAYOUT, *(pair for pairs in STATE.values() for pair in pairs)]
