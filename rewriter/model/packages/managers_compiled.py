"""conda, and the package managers of Go, Rust, Java and .NET, as rows of the table in `managers.py`."""

from .manager import Does, Manager, names as _names, verbs as _verbs

_CONDA_VERBS = _verbs(
    install="install, create",
    restore="env create, env update",
    upgrade="update, upgrade, self-update",
    remove="remove, uninstall, env remove, package uninstall",
    read="search, info, list, repoquery, package",
    clean="clean",
    build="build, mambabuild, debug, run",
    other="env, env list, env export, config, init, activate, shell",
)
# `-f` is a flag of `conda clean` and of old `conda install`; of `env create -f FILE` the words name no packages.
_CONDA_VALUED = _names(
    """-n --name -p --prefix -c --channel --file --solver --platform --subdir --repodata-fn --revision --clone --cwd
    --channel-priority --experimental --env --trace-level --log-level"""
)

COMPILED = (
    Manager("conda", _names("conda"), _CONDA_VERBS, _CONDA_VALUED),
    Manager("mamba", _names("mamba"), _CONDA_VERBS, _CONDA_VALUED | _names("-r --root-prefix --rc-file -f")),
    Manager(
        "micromamba", _names("micromamba"), _CONDA_VERBS, _CONDA_VALUED | _names("-r --root-prefix --rc-file -f -e")
    ),
    Manager(
        "go",
        _names("go"),
        _verbs(
            install="install, get",
            restore="mod download, mod vendor, mod tidy, work sync, work vendor",
            read="list, mod verify, mod why, mod graph",
            clean="clean",
            build="build, run, test, vet, generate, fix, tool",
        ),
        _names(
            """-C -p -o -f -covermode -coverpkg -asmflags -buildmode -compiler -gccgoflags -gcflags -installsuffix
            -ldflags -mod -modfile -overlay -pgo -pkgdir -tags -toolexec -bench -benchtime -count -cpu -fuzz -fuzztime
            -fuzzminimizetime -list -parallel -run -shuffle -skip -timeout -vet -vettool -blockprofile -blockprofilerate
            -coverprofile -cpuprofile -memprofile -memprofilerate -mutexprofile -mutexprofilefraction -outputdir -trace
            -exec -reuse"""
        ),
    ),
    Manager(
        "cargo",
        _names("cargo"),
        _verbs(
            update="update, generate-lockfile, add, search, info",
            install="install, binstall",
            restore="fetch, vendor, metadata, tree",
            remove="uninstall, remove, rm",
            build="""build, b, run, r, test, t, bench, check, c, doc, d, rustc, rustdoc, clippy, fix, package, publish,
                chef cook, nextest, zigbuild, auditable, leptos, deb, component, tauri, make, cross""",
        ),
        # `--bin`, `--test`, `--example` and `--bench` may stand alone, but take the next word if they can.
        _names(
            """-C -F --features -Z -j --jobs -p --package --artifact-dir --out-dir --base --bench --bin --branch --color
            --config --crate-type --crate-types --depth -e --edges --edition --example --exclude --filter-platform
            --format --format-version --git --index -i --invert --limit --lockfile-path --manifest-path --message-format
            --name --path --precise --prefix --print --profile --prune --recipe-path --registry --rename --rev --root
            --sync --tag --target --target-dir --test --vcs --version --vers"""
        ),
    ),
    Manager(
        "maven",
        _names("mvn mvnw mvnd"),
        _verbs(restore="dependency:go-offline, dependency:resolve, dependency:resolve-plugins"),
        _names(
            """-b --builder --color -D --define -emp --encrypt-master-password -ep --encrypt-password -f --file -gs
            --global-settings -gt --global-toolchains -l --log-file -P --activate-profiles -pl --projects -rf
            --resume-from -s --settings -t --toolchains -T --threads"""
        ),
        other=Does.BUILD,
    ),
    Manager(
        "gradle",
        _names("gradle gradlew"),
        {},
        _names(
            """-b --build-file -c --settings-file -g --gradle-user-home -p --project-dir -x --exclude-task -I
            --init-script -D --system-prop -P --project-prop -F --dependency-verification -M
            --write-verification-metadata --console --warning-mode --priority --max-workers --include-build
            --project-cache-dir --configuration-cache-problems --tests --configuration --gradle-version
            --gradle-distribution-url --distribution-type --type --task"""
        ),
        other=Does.BUILD,
    ),
    Manager(
        "dotnet",
        _names("dotnet nuget"),
        _verbs(
            install="tool install, add, add package, package add, workload install, new install, install",
            restore="restore, tool restore, workload restore",
            upgrade="tool update, workload update, update",
            remove="tool uninstall, remove, remove package, package remove, workload uninstall",
            read="list, list package, package list, package search, search",
            clean="nuget locals, locals",
            build="build, publish, run, test, pack, msbuild, watch, store, tool run, build-server",
        ),
        # `--self-contained` and `--sc` take but `true` and `false`; `-p:Name=value` is one word, `-t` lists tests.
        _names(
            """-c --configuration -o --output -r --runtime -f --framework -v --verbosity -s --source -a --arch --os -p
            --packages --configfile --project --version --tool-path --add-source --logger --filter --settings
            --results-directory --version-suffix --lock-file-path --manifest --tool-manifest --launch-profile -lp
            --temp-dir --from-rollback-file --package-directory --artifacts-path --environment -n --name --collect
            --test-adapter-path --diag --blame-hang-timeout --property -OutputDirectory -Version -Source -ConfigFile
            -PackagesDirectory -SolutionDirectory -Verbosity -FallbackSource -Framework -DependencyVersion -MSBuildPath
            -MSBuildVersion"""
        ),
    ),
)
