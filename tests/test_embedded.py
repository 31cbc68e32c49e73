"""Which Dockerfiles are found in documents, and which are left alone, with the reason."""

from __future__ import annotations

import textwrap

import pytest

from dockfix.adapters.embedded import Carrier, carrier, is_document, read_document
from dockfix.syntax.edit import line_of

TWO = b"FROM a\nRUN b\n"


def dockerfiles(kind: Carrier, document: str | bytes) -> list[tuple[str, bytes]]:
    """Name and text of each; nothing may be left alone."""
    found = read_document(kind, _bytes(document))
    assert found.left == ()
    return [(one.name, one.text) for one in found.dockerfiles]


def left(kind: Carrier, document: str | bytes) -> list[tuple[int, str]]:
    """Line and reason of each that is left alone; there may be no other."""
    text = _bytes(document)
    found = read_document(kind, text)
    assert found.dockerfiles == ()
    return [(line_of(text, one.at), one.reason) for one in found.left]


def _bytes(document: str | bytes) -> bytes:
    return document if isinstance(document, bytes) else textwrap.dedent(document).encode()


@pytest.mark.parametrize(
    ("name", "kind", "in_folders"),
    [
        ("compose.yaml", Carrier.COMPOSE, True),
        ("docker-compose.prod.yml", Carrier.COMPOSE, True),
        ("stack.yml", Carrier.COMPOSE, False),
        ("docker-bake.hcl", Carrier.BAKE, True),
        ("docker-bake.override.json", Carrier.BAKE, True),
        ("images.hcl", Carrier.BAKE, False),
        ("package.json", Carrier.BAKE, False),
        ("README.MD", Carrier.MARKDOWN, True),
        ("guide.markdown", Carrier.MARKDOWN, True),
        ("images.py", Carrier.PYTHON, True),
        ("Dockerfile", None, False),
        ("build.sh", None, False),
    ],
)
def test_a_name_tells_the_kind_of_a_document_and_whether_folders_are_searched_for_it(
    name: str, kind: Carrier | None, in_folders: bool
) -> None:
    assert carrier(f"folder/{name}") is kind
    assert is_document(name) is in_folders


def service(head: str, *lines: str, more: str = "") -> str:
    body = "".join(f"        {line}\n" if line else "\n" for line in lines)
    return f"services:\n  web:\n    build:\n{more}      dockerfile_inline: {head}\n{body}"


class TestCompose:
    @pytest.mark.parametrize(
        ("document", "text"),
        [
            pytest.param(service("|", "FROM a", "RUN b"), TWO, id="a literal block"),
            pytest.param(service("|-", "FROM a", "RUN b"), TWO[:-1], id="a block without its last line end"),
            pytest.param(service("|+", "FROM a", "RUN b", "", ""), TWO + b"\n\n", id="a block with all its line ends"),
            pytest.param(service("| # why", "FROM a", "RUN b"), TWO, id="a comment behind the header"),
            pytest.param(service("|2", "  FROM a", "RUN b"), b"  " + TWO, id="an indentation that is told"),
            pytest.param(service("|", "FROM a", "", "RUN b"), b"FROM a\n\nRUN b\n", id="an empty line"),
            pytest.param(service("|", "FROM a", "RUN b \\", "\tc"), b"FROM a\nRUN b \\\n\tc\n", id="a tab"),
            pytest.param(service("!!str |", "FROM a", "RUN b"), TWO, id="a tag for text"),
            pytest.param(service("|", "FROM a", "RUN b")[:-1], TWO[:-1], id="no final newline"),
            pytest.param("\ufeff" + service("|", "FROM a", "RUN b"), TWO, id="a byte order mark"),
            pytest.param("# \u00e9\n" + service("|", "FROM a", "RUN \u00e9"), "FROM a\nRUN \u00e9\n".encode(), id="letters beyond ASCII"),
            pytest.param(service("|", "FROM a", "RUN b").replace("\n", "\r\n"), TWO.replace(b"\n", b"\r\n"), id="CRLF"),
            pytest.param(service("|", "FROM a", "RUN echo $(id)"), b"FROM a\nRUN echo $(id)\n", id="a `$` that is no variable"),
            pytest.param(service("|", "FROM a", "RUN echo $$HOME $$$$"), b"FROM a\nRUN echo $HOME $$\n", id="escaped variables"),
        ],
    )  # fmt: skip
    def test_a_literal_block_is_taken(self, document: str, text: bytes) -> None:
        assert dockerfiles(Carrier.COMPOSE, document) == [("web", text)]

    @pytest.mark.parametrize(
        ("document", "reason"),
        [
            (service(">", "FROM a", "", "RUN b"), "a folded block"),
            (service('"FROM a\\nRUN b"'), "a quoted text"),
            (service("'FROM a\n\n        RUN b'"), "a quoted text"),
            (service("FROM a"), "a text without quotes"),
            (service("|", "FROM a", "RUN echo $$HOME $x"), "Compose puts variables"),
            (service("|", "FROM a", "RUN echo ${HOME:-x}"), "Compose puts variables"),
            (service("|", "FROM a", "RUN ${"), "no variable that Compose can read"),
            (service("&x |", "FROM a", "RUN b"), "an anchor"),
            (service("|", "FROM a", "RUN b", more="      dockerfile: x\n"), "there is a `dockerfile` beside it"),
            (service("[a]"), "has to be text"),
        ],
    )
    def test_what_cannot_be_edited_in_place_is_left_alone(self, document: str, reason: str) -> None:
        ((line, told),) = left(Carrier.COMPOSE, document)
        assert reason in told
        assert line == 4 + ("beside" in reason)

    def test_a_build_that_two_services_share_is_left_alone(self) -> None:
        shared = service("|", "FROM a", "RUN b").replace("build:", "build: &one") + "  db:\n    build: *one\n"
        ((_, reason),) = left(Carrier.COMPOSE, shared)
        assert "more than this service's" in reason

    def test_a_template_that_one_service_uses_is_edited_where_it_stands(self) -> None:
        document = """\
            x-build: &one
              dockerfile_inline: |
                FROM a
                RUN b
            services:
              web:
                build:
                  <<: *one
                  context: web
            """
        assert dockerfiles(Carrier.COMPOSE, document) == [("web", TWO)]

    def test_services_come_in_the_order_of_the_file(self) -> None:
        document = service("|", "FROM a", "RUN b") + service("|", "FROM c", "RUN d").replace("services:\n  web", "  db")
        assert [name for name, _ in dockerfiles(Carrier.COMPOSE, document)] == ["web", "db"]

    @pytest.mark.parametrize(
        ("document", "line", "reason"),
        [
            (b"a: b\ndockerfile_inline: [\n", 3, "not YAML"),
            (b"dockerfile_inline: |\n  x\n---\n", 3, "several documents"),
            (b"\ndockerfile_inline: \xff\n", 2, "not UTF-8"),
        ],
    )
    def test_a_file_that_is_not_understood_says_so(self, document: bytes, line: int, reason: str) -> None:
        ((at, told),) = left(Carrier.COMPOSE, document)
        assert reason in told
        assert at == line

    def test_a_file_without_inline_dockerfiles_says_nothing(self) -> None:
        assert read_document(Carrier.COMPOSE, b"services: {web: {build: .}}\n") == ((), ())
        assert read_document(Carrier.COMPOSE, b"a: [\n") == ((), ())


def target(value: str) -> str:
    return f'target "app" {{\n  dockerfile-inline = {value}\n  context = "."\n}}\n'


class TestBake:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            pytest.param("<<EOT\nFROM a\nRUN b\nEOT", TWO, id="a heredoc"),
            pytest.param("<<-EOT\n    FROM a\n\n    RUN b\n  EOT", b"FROM a\n\nRUN b\n", id="an indented heredoc"),
            pytest.param("<<-EOT\n\tFROM a\n\tRUN b\n\tEOT", TWO, id="a heredoc that tabs indent"),
            pytest.param("<<-EOT\n    FROM a\n  RUN b\n  EOT", b"  " + TWO, id="the least indentation"),
            pytest.param("<<EOT\nFROM a\nRUN echo $b \\n\nEOT", b"FROM a\nRUN echo $b \\n\n", id="a variable of the shell"),
        ],
    )  # fmt: skip
    def test_a_heredoc_is_taken(self, value: str, text: bytes) -> None:
        assert dockerfiles(Carrier.BAKE, target(value).encode()) == [("app", text)]

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ('"FROM a\\nRUN b"', "not written as a heredoc"),
            ('join("\\n", ["FROM a"])', "not written as a heredoc"),
            ("<<EOT\nFROM ${image}\nRUN b\nEOT", "computes"),
            ("<<EOT\nFROM a\nRUN $${b}\nEOT", "computes"),
            ("<<EOT\nFROM a\n%{ if b }\nRUN b\n%{ endif }\nEOT", "computes"),
            ("<<-EOT\n  FROM a\n\tRUN b\n  EOT", "but for an indentation"),
            ("<<-EOT\n    FROM a\n      \n    RUN b\n  EOT", "but for an indentation"),
        ],
    )
    def test_what_cannot_be_edited_in_place_is_left_alone(self, value: str, reason: str) -> None:
        ((line, told),) = left(Carrier.BAKE, target(value).encode())
        assert reason in told
        assert line == 2

    def test_json_has_no_lines(self) -> None:
        document = '{"target": {"app": {\n"dockerfile-inline": "FROM a\\nRUN b"}}}'
        ((line, reason),) = left(Carrier.BAKE, document)
        assert reason.startswith("it is a text in JSON")
        assert line == 2

    @pytest.mark.parametrize("document", [b"dockerfile-inline = {\n", b"# dockerfile-inline \xff\n"])
    def test_a_file_that_is_not_understood_says_so(self, document: bytes) -> None:
        assert len(left(Carrier.BAKE, document)) == 1

    def test_other_json_says_nothing(self) -> None:
        assert read_document(Carrier.BAKE, b'{"name": "x"}') == ((), ())


class TestMarkdown:
    @pytest.mark.parametrize(
        "document",
        [
            pytest.param("```dockerfile\nFROM a\nRUN b\n```\n", id="a fence"),
            pytest.param("~~~~ Dockerfile title=x\nFROM a\nRUN b\n~~~~~\n", id="tildes, and more of the info string"),
            pytest.param("```docker\nFROM a\nRUN b\n```\n", id="docker, if it is a whole one"),
            pytest.param("``` {.dockerfile .x}\nFROM a\nRUN b\n```\n", id="attributes of pandoc"),
            pytest.param("```Containerfile\nFROM a\nRUN b\n```", id="no final newline"),
            pytest.param("   ```dockerfile\n   FROM a\n   RUN b\n   ```\n", id="an indented fence"),
            pytest.param("- x\n  - ```dockerfile\n    FROM a\n    RUN b\n    ```\n", id="a list in a list"),
            pytest.param("> x\n> ```dockerfile\n> FROM a\n> RUN b\n> ```\n", id="a quotation"),
            pytest.param("<details>\n\n```dockerfile\nFROM a\nRUN b\n```\n\n</details>\n", id="HTML around it"),
            pytest.param(b"\xff\n```dockerfile\nFROM a\nRUN b\n```\n", id="a document that is not UTF-8"),
        ],
    )
    def test_a_fence_is_taken(self, document: str | bytes) -> None:
        ((_, text),) = dockerfiles(Carrier.MARKDOWN, document if isinstance(document, bytes) else document.encode())
        assert text == TWO

    def test_its_name_is_its_line(self) -> None:
        document = b"# x\n\n```dockerfile\nFROM a\nRUN b\n```\n```dockerfile\nFROM c\nRUN d\n```\n"
        assert [name for name, _ in dockerfiles(Carrier.MARKDOWN, document)] == ["L3", "L7"]

    def test_crlf_stays(self) -> None:
        document = b"```dockerfile\r\nFROM a\r\nRUN b\r\n```\r\n"
        assert dockerfiles(Carrier.MARKDOWN, document) == [("L1", b"FROM a\r\nRUN b\r\n")]

    @pytest.mark.parametrize(
        "document",
        [
            pytest.param("    ```dockerfile\n    FROM a\n    RUN b\n    ```\n", id="an indented code block"),
            pytest.param("````markdown\n```dockerfile\nFROM a\nRUN b\n```\n````\n", id="a fence in a fence"),
            pytest.param("<!--\n```dockerfile\nFROM a\nRUN b\n```\n-->\n", id="a comment"),
            pytest.param("```sh\ndocker build .\n```\n", id="another language"),
            pytest.param("```docker\ndocker run x\n```\n", id="docker, the command"),
            pytest.param("```docker-compose\nFROM a\nRUN b\n```\n", id="a language that begins like it"),
        ],
    )
    def test_what_is_no_dockerfile_says_nothing(self, document: str) -> None:
        assert read_document(Carrier.MARKDOWN, document.encode()) == ((), ())

    @pytest.mark.parametrize(
        ("document", "reason"),
        [
            ("\n```dockerfile\nRUN b\n```\n", "this is no whole Dockerfile: "),
            ("\n```dockerfile\nFROM a\n...\n```\n", "this is no whole Dockerfile: "),
            ("\n```dockerfile\nFROM a\n```\n", "there is one instruction in it"),
            ("> x\n> ```dockerfile\n> FROM a\n>RUN b\n> ```\n", "but for one prefix"),
            ("x\n  ```dockerfile\n  FROM a\n RUN b\n  ```\n", "but for one prefix"),
        ],
    )
    def test_what_is_not_whole_or_not_uniform_is_left_alone(self, document: str, reason: str) -> None:
        ((line, told),) = left(Carrier.MARKDOWN, document.encode())
        assert reason in told
        assert line == 2

    def test_line_ends_of_one_cr_are_left_alone(self) -> None:
        assert left(Carrier.MARKDOWN, b"x\ry\n```dockerfile\nFROM a\nRUN b\n```\n")[0][0] == 1


class TestPython:
    @pytest.mark.parametrize(
        ("document", "text"),
        [
            pytest.param('X = """FROM a\nRUN b\n"""\n', TWO, id="a literal without escapes"),
            pytest.param("X = '''\nFROM a\nRUN b\n'''\n", b"\n" + TWO, id="a first line that is empty"),
            pytest.param('f(r"""FROM a\nRUN b \\\n  c\n""")\n', b"FROM a\nRUN b \\\n  c\n", id="a raw literal"),
            pytest.param('X = b"""FROM a\nRUN b\n"""\n', TWO, id="bytes"),
            pytest.param('X = f"""FROM a\nRUN b\n"""\n', TWO, id="an f-string without placeholders"),
            pytest.param('X = """\\\nFROM a\nRUN b\n"""\n', TWO, id="a first line that is joined"),
            pytest.param('X = dedent("""\\\n    FROM a\n\n    RUN b\n    """)\n', b"FROM a\n\nRUN b\n", id="dedent"),
            pytest.param('X = textwrap.dedent(r"""\n    FROM a\n    RUN b""")\n', b"\n" + TWO[:-1], id="dedent, at once"),
            pytest.param('X = """FROM a\nRUN b ${C} ${D:-e}\n"""\n', b"FROM a\nRUN b ${C} ${D:-e}\n", id="variables"),
            pytest.param('# \u00e9\nX = """FROM a\nRUN b\n"""\n', TWO, id="letters beyond ASCII"),
            pytest.param('X = """FROM a\r\nRUN b\r\n"""\r\n', TWO.replace(b"\n", b"\r\n"), id="CRLF"),
            pytest.param('\ufeffX = """FROM a\nRUN b\n"""', TWO, id="a byte order mark, and no final newline"),
        ],
    )  # fmt: skip
    def test_a_literal_that_is_its_value_is_taken(self, document: str, text: bytes) -> None:
        ((_, found),) = dockerfiles(Carrier.PYTHON, document.encode())
        assert found == text

    @pytest.mark.parametrize(
        ("document", "reason"),
        [
            ('X = "FROM a\\nRUN b\\n"\n', "there are escapes"),
            ('X = """FROM a\nRUN b \\\\\n  c\n"""\n', "there are escapes"),
            ('X = """FROM a\nRUN b \\d\n"""\n', "there are escapes"),
            ('X = f"""FROM a\nRUN b {c}\n"""\n', "an f-string with placeholders"),
            ('X = f"""FROM a\nRUN b {{c}}\n"""\n', "there are escapes"),
            ('X = """FROM a\n""" """RUN b\n"""\n', "put together of several literals"),
            ('X = """FROM a\nRUN b {name}\n"""\n', "it is a template"),
            ('X = """FROM {}\nRUN b\n""".format(c)\n', "it is a template"),
            ('X = """FROM a\nRUN b %s\n""" % c\n', "it is a template"),
        ],
    )
    def test_what_cannot_be_edited_in_place_is_left_alone(self, document: str, reason: str) -> None:
        ((line, told),) = left(Carrier.PYTHON, document.encode())
        assert reason in told
        assert line == 1

    @pytest.mark.parametrize(
        "document",
        [
            pytest.param("from a import b\nrun = 1\n", id="no literal"),
            pytest.param('"""FROM here on, RUN is a verb.\n\nRUN it."""\n', id="prose"),
            pytest.param('X = """FROM a\n"""\n', id="one instruction"),
            pytest.param('X = """RUN a\nRUN b\nFROM c\n"""\n', id="a part of a Dockerfile"),
            pytest.param('X = """SELECT a\nFROM b\nADD c\n"""\n', id="another language"),
            pytest.param('X = """\nfrom a\nrun b\n"""  # FROM RUN \n', id="not in capitals"),
        ],
    )
    def test_what_is_no_dockerfile_says_nothing(self, document: str) -> None:
        assert read_document(Carrier.PYTHON, document.encode()) == ((), ())

    @pytest.mark.parametrize(
        "document",
        [
            pytest.param(b'X = """FROM a\nRUN b\n"""\n)\n', id="a syntax error"),
            pytest.param(b'X = """FROM a\nRUN b\n\xff"""\n', id="not UTF-8"),
            pytest.param(b'# coding: latin-1\nX = """FROM a\nRUN b\n\xe9"""\n', id="another encoding"),
        ],
    )
    def test_a_file_that_is_not_understood_says_so(self, document: bytes) -> None:
        assert [reason for _, reason in left(Carrier.PYTHON, document)] == [
            "its syntax is not understood, so Dockerfiles in it are not found"
        ]

    def test_an_expression_without_end_is_no_crash(self) -> None:
        document = b'X = """FROM a\nRUN b\n"""\nY = ' + b"(" * 5000 + b")" * 5000 + b"\n"
        assert len(left(Carrier.PYTHON, document)) == 1
