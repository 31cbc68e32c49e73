"""What an image mostly has no use for, as data: patterns, and what they are.

A row counts where a file of the context matches it, or one of `beside` stands in the context: then what it names will
be there once somebody has worked with the folder.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """Patterns of .dockerignore (last match wins, anchored at the root), and why nobody misses what they match.

    `beside`: files that tell that these will be there. `where`: files without which the names mean something else, so
    that the row does not count; they tell, too. `says`: only files count that hold one of these texts. `unless_told`:
    what a manifest or an instruction names by itself does not count. `made_by`: the row counts only where a RUN says
    so, which makes it anew.
    """

    patterns: tuple[str, ...]
    reason: str
    beside: tuple[str, ...] = ()
    says: tuple[bytes, ...] = ()
    where: tuple[str, ...] = ()
    unless_told: bool = False
    made_by: bytes = b""


class Group(NamedTuple):
    """Rows under one heading of the file. `tracked`: a repository may well hold such, and no image needs it."""

    heading: str
    rows: tuple[Row, ...]
    tracked: bool = False


def _row(patterns: str, reason: str, beside: str = "", says: tuple[bytes, ...] = (), where: str = "") -> Row:
    return Row(tuple(patterns.split()), reason, tuple(beside.split()), says, tuple(where.split()))


def _made(by: bytes, patterns: str, reason: str, beside: str = "", where: str = "") -> Row:
    return Row(tuple(patterns.split()), reason, tuple(beside.split()), (), tuple(where.split()), made_by=by)


def _unless_told(patterns: str, reason: str) -> Row:
    return Row(tuple(patterns.split()), reason, unless_told=True)


HISTORY = _row(".git", "the history of the repository")
_PRIVATE = (b"PRIVATE KEY",)
_TOKEN = (b"_authToken", b"_password", b"_auth=")

VERSION_CONTROL = Group(
    "version control",
    (
        HISTORY,
        _row(".hg .svn .bzr .jj", "the history of the repository"),
        _row("**/.gitignore **/.gitattributes .gitmodules .mailmap .git-blame-ignore-revs", "what git alone reads"),
    ),
    tracked=True,
)

SECRETS = Group(
    "secrets",
    (
        _row("**/.env **/.env.*", "variables of one machine, often passwords"),
        _row(
            "!**/.env*.example !**/.env*.sample !**/.env*.template !**/.env*.dist !**/.env*.default",
            "they show what .env may hold",
        ),
        _row("**/*.pem **/*.key **/id_rsa **/id_ed25519 **/id_ecdsa", "private keys", says=_PRIVATE),
        _row("**/*.p12 **/*.pfx **/*.jks **/*.keystore", "key stores"),
        _row("**/.npmrc **/.yarnrc.yml **/.pypirc **/.netrc", "they hold a token", says=(*_TOKEN, b"password")),
        _row("**/.git-credentials **/.pgpass **/.my.cnf **/kubeconfig **/*.kubeconfig", "passwords and tokens"),
        _row("**/.docker/config.json", "logins to registries", says=(b'"auth"', b'"identitytoken"')),
        _row(
            "**/*credentials*.json **/service-account*.json", "keys of a cloud", says=(b"private_key", b"client_secret")
        ),
        _row("**/*.tfstate **/*.tfstate.*", "Terraform's state holds secrets"),
        _row("**/.aws **/.kube **/.ssh **/.gnupg **/.azure", "credentials of one person"),
        _row("config/master.key config/credentials/*.key", "keys of Rails' credentials"),
    ),
)

GROUPS = (
    SECRETS,
    Group(
        "editors and operating systems",
        (
            _row("**/.idea **/*.iml **/.vscode **/.vs **/.fleet **/.zed", "settings of an editor"),
            _row(
                "**/*.swp **/*.swo **/*~ **/.project **/.classpath **/.settings **/*.sublime-*", "an editor's own files"
            ),
            _row("**/.DS_Store **/Thumbs.db **/desktop.ini", "an operating system's own files"),
            _row(".editorconfig", "settings of editors"),
        ),
        tracked=True,
    ),
    Group(
        "dependencies that the build installs itself",
        (
            _made(rb"\b(?:npm|yarn|pnpm|bun)\b", "**/node_modules", "installed for this machine", "package.json"),
            _row(
                "**/.venv **/venv",
                "an environment with this machine's paths",
                "pyproject.toml requirements.txt setup.py",
            ),
            _made(rb"\bbundle\b", "**/.bundle vendor/bundle", "gems that were built for this machine", "Gemfile"),
            _row("**/.pnpm-store", "a package manager's store"),
        ),
    ),
    Group(
        "caches and logs",
        (
            _row(
                "**/__pycache__ **/*.pyc **/*.pyo", "made again when needed", "pyproject.toml requirements.txt setup.py"
            ),
            _row("**/.pytest_cache **/.mypy_cache **/.ruff_cache **/.tox **/.nox **/.hypothesis", "a tool's cache"),
            _row("**/.gradle **/.terraform **/.parcel-cache **/.eslintcache **/.sass-cache **/.vite", "a tool's cache"),
            _made(rb"\bbuild\b", "**/.next **/.nuxt **/.svelte-kit **/.turbo **/.angular", "made anew"),
            _row("**/*.log", "logs"),
        ),
    ),
    Group(
        "results of tests",
        (
            _row("**/coverage **/.coverage **/.coverage.* **/htmlcov **/coverage.xml **/.nyc_output", "coverage"),
            _row("**/TestResults **/test-results **/test-output **/playwright-report", "results of tests"),
        ),
    ),
    Group(
        "build output",
        (
            _made(rb"\b(?:mvnw?|cargo)\b", "target", "Maven and Cargo make it anew", where="pom.xml Cargo.toml"),
            _made(
                rb"\bdotnet\b",
                "**/[Bb]in **/[Oo]bj",
                ".NET makes it anew",
                where="*.csproj *.sln *.slnx *.fsproj */*.csproj */*.fsproj",
            ),
            _row("**/*.egg-info **/.eggs", "Python makes it anew"),
            _row("**/*.tsbuildinfo", "TypeScript makes it anew"),
        ),
    ),
    Group(
        "what no image runs",
        (
            _row(".github .gitlab .circleci .gitlab-ci.yml .travis.yml appveyor.yml azure-pipelines.yml", "pipelines"),
            _row(
                "Jenkinsfile .drone.yml .buildkite .woodpecker* codecov.yml .codecov.yml .codeclimate.yml", "pipelines"
            ),
            _row("bitbucket-pipelines.yml cloudbuild.yaml netlify.toml .dependabot renovate.json", "pipelines"),
            _unless_told(".pre-commit-config.yaml .husky .lefthook.yml lefthook.yml", "hooks of the repository"),
            _unless_told("test tests spec __tests__ e2e cypress", "tests"),
            _unless_told("doc docs", "documentation"),
            _unless_told("README* CHANGELOG* CHANGES* CONTRIBUTING* AUTHORS*", "documentation"),
            _unless_told("CODE_OF_CONDUCT* CONDUCT* SECURITY*", "documentation"),
        ),
        tracked=True,
    ),
    Group(
        "what describes the build",
        (
            _row("**/Dockerfile **/Dockerfile.* **/*.Dockerfile **/Containerfile", "the builder has read it"),
            # A copy of the whole context takes this file, too, once it is there.
            _row("**/.dockerignore **/*.dockerignore", "the builder has read it", "*ockerfile* */*ockerfile*"),
            _row(
                "compose*.y*ml docker-compose*.y*ml docker-bake*.hcl docker-bake*.json", "it is read outside the image"
            ),
            _row(".devcontainer **/Vagrantfile skaffold.yaml Tiltfile", "it is read outside the image"),
        ),
        tracked=True,
    ),
)
