"""A script with fewer words and the same structure: what a slow parser need not tell apart.

A parser that answers with a tree of all words spends most of its time on lists of packages. Where only the structure
is asked for, a row of plain words may as well be one word.
"""

import re

# What begins, ends or parts a compound command, or makes the parser read the next words in another way.
_RESERVED = (
    b"if|then|elif|else|fi|for|select|in|do|done|while|until|case|esac|function|time|coproc"
    b"|let|declare|local|export|readonly|typeset|nameref"
)
_END = rb"(?![\w./:+@,=-])"
# No `=` but in options: `A=b make` has a variable and a command.
_WORD = rb"(?:-[\w./:+@,=-]*|(?!(?:" + _RESERVED + rb")" + _END + rb")[\w./:+@,-]+)" + _END
# A row begins behind a blank and ends before one or before an operator: in front of `>` a number may be a file
# descriptor, and in front of `(` a word is the name of a function. Behind `> ` stands a file, not the command.
_FILE = rb"[<>][&|]?[ \t]+[^ \t\n]+"
_ROW = rb"(?<![^ \t\n])" + _WORD + rb"(?:[ \t]+" + _WORD + rb")+(?![^ \t\n;&|])(?![ \t]*\()"
_FILE_OR_ROW = re.compile(_FILE + rb"|(" + _ROW + rb")")
_GLUE = bytes.maketrans(b" \t", b"__")


def glued(script: bytes) -> bytes:
    """The script with an underscore for each blank between plain words: as long as before, and every word that is
    left begins where it did.

    Plain words have no quotes, expansions, assignments or reserved words, and stand on one line, so a shell
    reads the row within one simple command, one string or one comment, whichever way it reads it. A script with a
    heredoc stays as it is: there, a word can be a delimiter.
    """
    return script if b"<<" in script else _FILE_OR_ROW.sub(_one_word, script)


def _one_word(found: re.Match[bytes]) -> bytes:
    return found[0].translate(_GLUE) if found[1] else found[0]
