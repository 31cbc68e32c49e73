r"""Programs that a RUN removes behind their last call: what they have stored can no longer be deleted by them."""

from __future__ import annotations

from package_cases import CACHES, Case, change, stay

_START = 'CMD ["/bin/app"]\n'


def _stays(says: str, manager: str, run: str, by: str) -> Case:
    text = f"FROM alpine:3.20\nRUN {run}\n{_START}"
    return stay(says, manager, CACHES, text, f"its `{by}` may delete {manager}, which would have to delete")


def _goes(says: str, manager: str, run: str, *appended: str) -> Case:
    rows = "".join(f" \\\n+    && {one}" for one in appended)
    return change(says, manager, CACHES, f" FROM alpine:3.20\n-RUN {run}\n+RUN {run}{rows}\n {_START}")


GO = "go build -o /bin/app ."
GO_CLEANS = ("go clean -cache", "go clean -modcache")
NPM = "npm ci"
NPM_CLEAN = "npm cache clean --force"

VANISHED = [
    _stays("it goes with its group", "go", f"apk add -t tools go git && {GO} && apk del --purge tools", "apk del"),
    _stays("of a group nobody knows what is in it", "go", f"{GO} && apk del .build-deps", "apk del"),
    _stays("of such a group, for another program", "bundle", "bundle install && apk del .build-deps", "apk del"),
    _stays("it goes by its own name", "go", f"apk add go && {GO} && apk del go", "apk del"),
    _goes("its group is another one", "go", f"apk add --virtual .deps git gcc && {GO} && apk del .deps", *GO_CLEANS),
    _goes("what fetches goes", "go", f"{GO} && apk del curl", *GO_CLEANS),
    _stays("a header needs it", "npm", f"apk add --virtual .deps nodejs-dev && {NPM} && apk del .deps", "apk del"),
    _stays("what it needs goes, and it with that", "npm", f"{NPM} && apt-get purge -y python3", "apt-get purge"),
    _stays("what goes is computed", "npm", f"{NPM} && apt-get remove -y $(cat /tmp/more)", "apt-get remove"),
    _goes("only leftovers go", "npm", f"{NPM} && apt-get autoremove -y", NPM_CLEAN),
    _stays("all are made leftovers", "npm", f"{NPM} && apt-mark auto nodejs && apt-get autoremove -y", "apt-mark auto"),
    _stays("dpkg takes it", "npm", f"{NPM} && dpkg -r nodejs", "dpkg -r"),
    _stays("its folder goes", "go", f"{GO} && rm -rf /usr/local/go", "rm -rf /usr/local/go"),
    _stays("the folder of its version goes", "npm", f"{NPM} && rm -rf /opt/node-v22.1.0", "rm -rf /opt/node-v22.1.0"),
    _stays(
        "the folder of its programs goes", "npm", f"{NPM} && rm -rf /usr/local/node/bin", "rm -rf /usr/local/node/bin"
    ),
    _stays("a variable names its folder", "go", f'{GO} && rm -rf "${{GOROOT}}"', "rm -rf ${GOROOT}"),
    _stays("a folder above goes", "npm", f"{NPM} && rm -rf /usr/local/lib/*", "rm -rf /usr/local/lib/*"),
    _stays("its own folder goes", "npm", f"{NPM} && rm -rf /usr/lib/node_modules", "rm -rf /usr/lib/node_modules"),
    _goes("another folder goes", "npm", f"{NPM} && rm -rf node_modules /tmp/* /var/tmp", NPM_CLEAN),
    _stays("it removes itself", "npm", f"{NPM} && npm uninstall -g npm", "npm uninstall"),
    _goes("it removes something else", "npm", f"{NPM} && npm uninstall -g gulp", NPM_CLEAN),
    _goes("what goes by its path needs no program", "maven", "mvn package && apk del maven", "rm -rf ~/.m2/repository"),
]
