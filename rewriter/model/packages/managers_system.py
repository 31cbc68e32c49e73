"""Package managers of operating systems, as rows of the table in `managers.py`."""

from .manager import Does, Manager, names as _names, verbs as _verbs

_RPM_VERBS = _verbs(
    update="makecache, check-update, check-upgrade",
    install="""install, localinstall, reinstall, downgrade, swap, builddep, build-dep, debuginfo-install, groupinstall,
        group install, group upgrade, group update, groupupdate, module install, do""",
    upgrade="""upgrade, update, up, upgrade-minimal, update-minimal, up-min, upgrade-to, update-to, localupdate,
        distro-sync, distrosync, dsync, dup, distribution-synchronization, module update, offline-upgrade""",
    remove="""remove, erase, rm, autoremove, autoerase, removen, remove-n, groupremove, groupuninstall, group remove,
        module remove, leaves""",
    read="""search, se, list, ls, info, provides, whatprovides, prov, repoquery, rq, repolist, repoinfo, deplist,
        download, reposync, updateinfo, group list, group info, grouplist, groupinfo, module list, module info,
        check""",
    clean="clean",
)
# Each of dnf 4, dnf 5, yum 3 and microdnf has only some of them. `-s`, `--source` and `--srpm` are flags of dnf.
_RPM_VALUED = _names(
    """-c --config -d --debuglevel -e --errorlevel -R --randomwait -x --exclude --excludepkgs --rpmverbosity --setopt
    --setvar --installroot --releasever --releasever-major --releasever-minor --enablerepo --disablerepo --enable-repo
    --disable-repo --repo --repoid --repofrompath --repofrompaths --enableplugin --disableplugin --enable-plugin
    --disable-plugin --disableexcludes --disableexcludepkgs --disableexclude --color --comment --destdir --downloaddir
    --download-dir --advisory --advisories --bz --bzs --bzfix --cve --cves --sec-severity --secseverity
    --advisory-severities --forcearch --arch --archlist --add-repo --save-repo --from-repo --store --qf --queryformat -D
    --define --whatprovides --whatrequires --latest-limit --reposdir --cachedir"""
)

SYSTEM = (
    Manager(
        "apt-get",
        _names("apt-get apt aptitude"),
        _verbs(
            update="update, upd",
            install="install, build-dep, satisfy, reinstall",
            upgrade="upgrade, dist-upgrade, full-upgrade, safe-upgrade, dselect-upgrade",
            remove="remove, purge, autoremove, autopurge",
            clean="clean, autoclean, distclean",
            other="check, moo, markauto, unmarkauto",
        ),
        # `-a` is a flag of `apt list`, `-P` one of aptitude (and the build profiles of `apt-get build-dep`).
        _names(
            """-t -o -c -a -S --target-release --option --config-file --host-architecture --default-release --snapshot
            --build-profiles --with-source --solver --planner -F --display-format -O --sort -w --width"""
        ),
        other=Does.READ,
    ),
    Manager(
        "apk",
        _names("apk"),
        _verbs(
            update="update",
            install="add, fix, fetch",
            upgrade="upgrade",
            remove="del",
            read="info, search, list, policy, dot, version, query, stats",
            clean="cache clean, cache purge",
        ),
        # `-o` is a flag of `apk search`, `-t` one of `apk info` and `apk version`.
        _names(
            """-t --virtual -X --repository -p --root -o --output --arch --cache-dir --cache-max-age --keys-dir
            --progress-fd --repositories-file --timeout --wait --pkgname-spec --limit"""
        ),
    ),
    Manager("dnf", _names("dnf dnf-3 dnf4 dnf5"), _RPM_VERBS, _RPM_VALUED),
    Manager("yum", _names("yum"), _RPM_VERBS, _RPM_VALUED),
    Manager("microdnf", _names("microdnf"), _RPM_VERBS, _RPM_VALUED),
    Manager("tdnf", _names("tdnf"), _RPM_VERBS, _RPM_VALUED),
    Manager(
        "zypper",
        _names("zypper"),
        _verbs(
            update="refresh, ref, refresh-services, refs",
            install="""install, in, source-install, si, install-new-recommends, inr, verify, ve, download,
                source-download""",
            upgrade="update, up, patch, dist-upgrade, dup",
            remove="remove, rm, removeptf, rmptf, purge-kernels",
            read="""search, se, info, if, patch-info, pattern-info, product-info, list-updates, lu, list-patches, lp,
                patch-check, pchk, patches, pch, packages, pa, patterns, pt, products, pd, what-provides, wp""",
            clean="clean, cc",
        ),
        # Left out since flags too: `-n` (non-interactive), `-D` (dry run), `-C` (capability), `-s`, `-g`.
        # Taken although a flag in front of the sub-command: `-t` (terse).
        _names(
            """-c --config --userdata --table-style --reposd-dir --cache-dir --raw-cache-dir --solv-cache-dir
            --pkg-cache-dir -p --plus-repo --plus-content --releasever -R --root --installroot -t --type --from -r
            --repo --download --solver-focus --category --severity --date -b --bugzilla --cve --priority --name -m
            --medium-type --export"""
        ),
    ),
    Manager(
        "pacman",
        _names("pacman yay paru"),
        _verbs(
            install="S, U",
            remove="R",
            read="F, Ss, Si, Sl, Sg, Sp",
            clean="Sc",
            other="Q, D, T, V",
        ),
        _names(
            """-b --dbpath -r --root --arch --assume-installed --cachedir --color --config --gpgdir --hookdir --ignore
            --ignoregroup --logfile --overwrite --print-format --sysroot --ask"""
        ),
        letters=True,
    ),
)
# Those of a distribution: what they install, it has looked through.
OF_SYSTEM = frozenset(manager.name for manager in SYSTEM)
