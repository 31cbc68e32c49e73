"""The table of package managers: command lines as people write them, and what is read of each."""

from __future__ import annotations

import pytest

from dockfix.model.facts import Facts
from dockfix.model.packages.call import Call, calls_in
from dockfix.model.packages.managers import MANAGERS, Does
from dockfix.model.runs import runs

# Command line; manager, sub-command and what that does; the words that name packages (or whatever else it is given).
LINES = (
    ("apt-get update -qq", "apt-get", "update", Does.UPDATE, ""),
    ("sudo -E apt-get -yqq install -t bookworm-backports --no-install-recommends git=1:2.39 curl", "apt-get", "install",
     Does.INSTALL, "git=1:2.39 curl"),
    ("apt-get -o Acquire::Retries=3 -y dist-upgrade", "apt-get", "dist-upgrade", Does.UPGRADE, ""),
    ("apt purge -y --auto-remove gcc 'libc6-dev'", "apt-get", "purge", Does.REMOVE, "gcc libc6-dev"),
    ("apk add --no-cache --virtual .build-deps gcc musl-dev", "apk", "add", Does.INSTALL, "gcc musl-dev"),
    ("apk --update add -t .fetch curl", "apk", "add", Does.INSTALL, "curl"),
    ("apk add -X https://dl-cdn.alpinelinux.org/alpine/edge/testing --allow-untrusted gosu", "apk", "add", Does.INSTALL,
     "gosu"),
    ("apk -p /rootfs --arch x86_64 add alpine-baselayout", "apk", "add", Does.INSTALL, "alpine-baselayout"),
    ("apk del .build-deps", "apk", "del", Does.REMOVE, ".build-deps"),
    ("apk --no-cache upgrade -U", "apk", "upgrade", Does.UPGRADE, ""),
    ("apk cache clean", "apk", "cache clean", Does.CLEAN, ""),
    ("dnf -y --setopt install_weak_deps=False install --enablerepo crb httpd mod_ssl", "dnf", "install", Does.INSTALL,
     "httpd mod_ssl"),
    ("dnf install -y --nodocs --releasever 9 --installroot /mnt/root coreutils-single", "dnf", "install", Does.INSTALL,
     "coreutils-single"),
    ("dnf -y module enable nodejs:18", "dnf", "module", Does.OTHER, "enable nodejs:18"),
    ("dnf module install -y nodejs:18/common", "dnf", "module install", Does.INSTALL, "nodejs:18/common"),
    ("dnf -y groupinstall 'Development Tools'", "dnf", "groupinstall", Does.INSTALL, "Development Tools"),
    ("dnf config-manager --set-enabled crb", "dnf", "config-manager", Does.OTHER, "crb"),
    ("yum -y -x kernel update", "yum", "update", Does.UPGRADE, ""),
    ("yum clean all", "yum", "clean", Does.CLEAN, "all"),
    ("microdnf install -y --nodocs --setopt=tsflags=nodocs tar gzip", "microdnf", "install", Does.INSTALL, "tar gzip"),
    ("tdnf install -y ca-certificates", "tdnf", "install", Does.INSTALL, "ca-certificates"),
    ("zypper -n in -t pattern devel_basis", "zypper", "in", Does.INSTALL, "devel_basis"),
    ("zypper --non-interactive --gpg-auto-import-keys install --no-recommends -r repo-oss vim", "zypper", "install",
     Does.INSTALL, "vim"),
    ("zypper -n ref -s", "zypper", "ref", Does.UPDATE, ""),
    ("zypper --root /mnt -n dup", "zypper", "dup", Does.UPGRADE, ""),
    ("zypper clean -a", "zypper", "clean", Does.CLEAN, ""),
    ("pacman -Syu --noconfirm --needed base-devel git", "pacman", "Syu", Does.INSTALL, "base-devel git"),
    ("pacman --noconfirm --cachedir /tmp/pkg -S vim", "pacman", "S", Does.INSTALL, "vim"),
    ("pacman -Rns --noconfirm go", "pacman", "Rns", Does.REMOVE, "go"),
    ("pacman -U --noconfirm /tmp/x.pkg.tar.zst", "pacman", "U", Does.INSTALL, "/tmp/x.pkg.tar.zst"),
    ("pacman -Scc --noconfirm", "pacman", "Scc", Does.CLEAN, ""),
    ("pacman -Qtdq", "pacman", "Qtdq", Does.OTHER, ""),
    ("pip install --no-cache-dir -r requirements.txt -c constraints.txt gunicorn==20.1", "pip", "install", Does.INSTALL,
     "gunicorn==20.1"),
    ("pip3 install -U pip setuptools wheel", "pip", "install", Does.INSTALL, "pip setuptools wheel"),
    ("python3 -m pip --no-cache-dir install --index-url https://x/simple --trusted-host x --target /opt/lib boto3",
     "pip", "install", Does.INSTALL, "boto3"),
    ("/opt/venv/bin/pip3.11 install -qr requirements.txt", "pip", "install", Does.INSTALL, ""),
    ("pip install --progress-bar off --only-binary :all: -e . -f https://x/whl 'uvicorn[standard]>=0.2'", "pip",
     "install", Does.INSTALL, "uvicorn[standard]>=0.2"),
    ("pip wheel --no-deps -w /wheels -r req.txt", "pip", "wheel", Does.INSTALL, ""),
    ("pip cache purge", "pip", "cache purge", Does.CLEAN, ""),
    ("uv pip install --system --no-cache -r requirements.txt", "uv", "pip install", Does.INSTALL, ""),
    ("uv pip install -p 3.11 --index-strategy unsafe-best-match torch", "uv", "pip install", Does.INSTALL, "torch"),
    ("uv sync --frozen --no-dev --group web --no-install-package foo", "uv", "sync", Does.RESTORE, ""),
    ("uv --directory /app add --extra tests httpx", "uv", "add", Does.INSTALL, "httpx"),
    ("uv tool install --with mkdocs-x mkdocs", "uv", "tool install", Does.INSTALL, "mkdocs"),
    ("uv python install 3.12", "uv", "python install", Does.INSTALL, "3.12"),
    ("uv cache prune --ci", "uv", "cache prune", Does.CLEAN, ""),
    ("poetry install --no-root --without dev -E pgsql", "poetry", "install", Does.RESTORE, ""),
    ("poetry add -G dev pytest", "poetry", "add", Does.INSTALL, "pytest"),
    ("poetry config virtualenvs.create false", "poetry", "config", Does.OTHER, "virtualenvs.create false"),
    ("poetry cache clear --all pypi", "poetry", "cache clear", Does.CLEAN, "pypi"),
    ("pipenv install --system --deploy --python 3.9", "pipenv", "install", Does.INSTALL, ""),
    ("pipenv sync --categories web", "pipenv", "sync", Does.RESTORE, ""),
    ("npm install -g --loglevel error npm@9 pm2", "npm", "install", Does.INSTALL, "npm@9 pm2"),
    ("npm ci --omit dev --registry https://r/", "npm", "ci", Does.RESTORE, ""),
    ("npm install --only production", "npm", "install", Does.INSTALL, ""),
    ("npm --prefix /app i --production express", "npm", "i", Does.INSTALL, "express"),
    ("npm -w api run build", "npm", "run", Does.OTHER, "build"),
    ("npm cache clean --force", "npm", "cache clean", Does.CLEAN, ""),
    ("npm un -g npm", "npm", "un", Does.REMOVE, "npm"),
    ("yarn --frozen-lockfile --network-timeout 600000", "yarn", "install", Does.RESTORE, ""),
    ("yarn install --production --cache-folder ./.ycache", "yarn", "install", Does.RESTORE, ""),
    ("yarn --cwd web add -D typescript", "yarn", "add", Does.INSTALL, "typescript"),
    ("yarn global add serve", "yarn", "global add", Does.INSTALL, "serve"),
    ("yarn workspaces focus --production api", "yarn", "workspaces focus", Does.RESTORE, "api"),
    ("yarn workspace web build", "yarn", "workspace", Does.OTHER, "web build"),
    ("yarn cache clean", "yarn", "cache clean", Does.CLEAN, ""),
    ("pnpm i -w --frozen-lockfile --prod", "pnpm", "i", Does.INSTALL, ""),
    ("pnpm -F api --prod deploy /prod/api", "pnpm", "deploy", Does.RESTORE, "/prod/api"),
    ("pnpm add -g --store-dir /s turbo", "pnpm", "add", Does.INSTALL, "turbo"),
    ("pnpm fetch --prod", "pnpm", "fetch", Does.RESTORE, ""),
    ("pnpm store prune", "pnpm", "store prune", Does.CLEAN, ""),
    ("gem install -N bundler -v 2.4.1 --source https://g/", "gem", "install", Does.INSTALL, "bundler"),
    ("gem update --system --no-document", "gem", "update", Does.UPGRADE, ""),
    ("gem install --no-document -i /gems -n /usr/bin rake fpm", "gem", "install", Does.INSTALL, "rake fpm"),
    ("bundle install --jobs 4 --retry 3 --without 'development test' --deployment", "bundle", "install", Does.RESTORE, ""),
    ("bundle --path vendor/bundle", "bundle", "install", Does.RESTORE, ""),
    ("bundle config set --local without development", "bundle", "config", Does.OTHER, "set without development"),
    ("composer install -d /app --no-dev --prefer-install dist", "composer", "install", Does.RESTORE, ""),
    ("composer global require hirak/prestissimo", "composer", "global require", Does.INSTALL, "hirak/prestissimo"),
    ("composer create-project -s dev acme/x /srv", "composer", "create-project", Does.INSTALL, "acme/x /srv"),
    ("composer clearcache", "composer", "clearcache", Does.CLEAN, ""),
    ("conda install -yc conda-forge -n base numpy pandas=1.5", "conda", "install", Does.INSTALL, "numpy pandas=1.5"),
    ("conda env create -n app --file environment.yml", "conda", "env create", Does.RESTORE, ""),
    ("conda clean -afy", "conda", "clean", Does.CLEAN, ""),
    ("mamba env update -n base -f env.yml", "mamba", "env update", Does.RESTORE, ""),
    ("micromamba install -y -n base -f /tmp/env.yaml", "micromamba", "install", Does.INSTALL, ""),
    ("micromamba create -r /opt/mm -p /env python=3.11", "micromamba", "create", Does.INSTALL, "python=3.11"),
    ("CGO_ENABLED=0 go build -ldflags '-s -w' -tags netgo -o /bin/app ./cmd/app", "go", "build", Does.BUILD, "./cmd/app"),
    ("go install -mod=mod -v github.com/a/b@latest", "go", "install", Does.INSTALL, "github.com/a/b@latest"),
    ("go mod download -x", "go", "mod download", Does.RESTORE, ""),
    ("go test -race -count 1 -timeout 30s ./...", "go", "test", Does.BUILD, "./..."),
    ("go clean -cache -modcache", "go", "clean", Does.CLEAN, ""),
    ("cargo install --git https://g/x --branch main --locked --root /usr/local wasm-pack", "cargo", "install",
     Does.INSTALL, "wasm-pack"),
    ("cargo install --version 0.1.62 -j 4 -F tls cargo-chef", "cargo", "install", Does.INSTALL, "cargo-chef"),
    ("cargo chef cook --release --recipe-path recipe.json", "cargo", "chef cook", Does.BUILD, ""),
    ("cargo build -r --bin server -p api --target x86_64-unknown-linux-musl", "cargo", "build", Does.BUILD, ""),
    ("cargo fetch --manifest-path a/Cargo.toml", "cargo", "fetch", Does.RESTORE, ""),
    ("./mvnw -f pom.xml -s settings.xml -pl api -am clean package", "maven", "clean", Does.BUILD, "package"),
    ("mvn -B -ntp -P prod -T 1C dependency:go-offline", "maven", "dependency:go-offline", Does.RESTORE, ""),
    ("gradle -p /app -x test --no-daemon --project-cache-dir /tmp/c build", "gradle", "build", Does.BUILD, ""),
    ("/app/gradlew bootJar -I init.gradle", "gradle", "bootJar", Does.BUILD, ""),
    ("dotnet restore -r linux-x64 --source https://n/ App.csproj", "dotnet", "restore", Does.RESTORE, "App.csproj"),
    ("dotnet publish App.csproj -c Release -o /out --no-restore -p:PublishTrimmed=true", "dotnet", "publish",
     Does.BUILD, "App.csproj"),
    ("dotnet tool install --tool-path /tools --version 5.0 dotnet-ef", "dotnet", "tool install", Does.INSTALL, "dotnet-ef"),
    ("dotnet nuget locals all --clear", "dotnet", "nuget locals", Does.CLEAN, "all"),
    ("nuget restore -PackagesDirectory packages App.sln", "dotnet", "restore", Does.RESTORE, "App.sln"),
    ("mvn -B -DskipTests package", "maven", "package", Does.BUILD, ""),
    ("mvn -ff package", "maven", "package", Does.BUILD, ""),
    ("cargo +nightly build --release", "cargo", "build", Does.BUILD, ""),
)  # fmt: skip


def _only_call(line: str) -> Call:
    facts = Facts.read("Dockerfile", f"FROM debian:12\nRUN {line}\n".encode())
    calls = [call for run in facts.of(runs).values() if run.script is not None for call in calls_in(run.script)]
    assert len(calls) == 1, "one call of a package manager was expected"
    return calls[0]


@pytest.mark.parametrize(
    ("line", "manager", "verb", "does", "arguments"),
    LINES,
)
def test_command_line(line: str, manager: str, verb: str, does: Does, arguments: str) -> None:
    call = _only_call(line)
    assert (call.manager.name, call.verb.decode(), call.does) == (manager, verb, does), call.options
    assert b" ".join(call.arguments).decode() == arguments, call.options


def test_every_manager_has_a_line() -> None:
    assert {manager.name for manager in MANAGERS} == {manager for _, manager, *_ in LINES}


def test_rows_are_well_formed() -> None:
    programs = [program for manager in MANAGERS for program in manager.programs]
    assert len(programs) == len(set(programs)), "a program belongs to two managers"
    for manager in MANAGERS:
        assert all(option.startswith(b"-") for option in manager.valued), manager.name
        assert all(verb == b" ".join(verb.split()) and verb.count(b" ") < 2 for verb in manager.verbs), manager.name
        assert not manager.bare or manager.bare in manager.verbs, manager.name
