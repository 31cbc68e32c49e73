"""What installs of Ruby, PHP, .NET, Gradle and Elixir read of a project: told completely, for review, or not told."""

from __future__ import annotations

import pytest
from test_manifests_compiled import Case, check, told

from dockfix.model.manifests import reader_of
from dockfix.model.packages.managers import MANAGERS

SRC = {"app.rb": "", "src/A.php": "", "Program.cs": "", "lib/a.ex": "", "Dockerfile": "", "README.md": ""}
GEMS = 'source "https://rubygems.org"\nruby "~> 3.2"\ngem "rails", "~> 7.1", require: false\n'
RUBY = {**SRC, "Gemfile": GEMS, "Gemfile.lock": "GEM\n  remote: https://rubygems.org/\n"}
FILES = "Gemfile Gemfile.lock"


def ruby(more: str) -> dict[str, str]:
    return {**RUBY, "Gemfile": GEMS + more}


FROZEN = "bundle install --frozen"
BUNDLER_CASES = (
    Case("Gemfile and Gemfile.lock are all", FROZEN, RUBY, FILES),
    Case("bundle alone installs", "bundle --deployment --jobs 4", RUBY, FILES),
    Case("options of all kinds", "bundle install -j4 --retry=3 --quiet --deployment --without 'development test'", RUBY, FILES),
    Case("groups as several words", "bundle install --frozen --without development test", RUBY, FILES),
    Case("a variable freezes it", "bundle install", RUBY, FILES, env={"BUNDLE_DEPLOYMENT": "1", "BUNDLE_PATH": "/gems"}),
    Case("a variable before it freezes it", "BUNDLE_FROZEN=true bundle install", RUBY, FILES),
    Case("groups, platforms and conditions are known", FROZEN, ruby('group :test, :development do\n  gem "a" if ENV["A"]\n'
         'end\nplatforms :jruby do\n gem "b", platforms: %i[mri windows] # here\nend\nunless RUBY_PLATFORM =~ "x"\nend'), FILES),
    Case("a source of git", FROZEN, ruby('git_source(:github) { |repo| "https://github.com/#{repo}.git" }\n'
         'gem "x", github: "a/x", branch: "main"'), FILES),
    Case("a variable of the Gemfile", FROZEN, ruby('version = ENV.fetch("V", "~> 1.0")\ngem "x", version'), FILES),
    Case("a file that is evaluated", FROZEN, {**ruby('eval_gemfile "gems/more.rb"\n'), "gems/more.rb": 'gem "y"\n'},
         FILES + " gems/more.rb"),
    Case("the version of Ruby from a file", FROZEN, {**ruby('ruby file: ".ruby-version"\n'), ".ruby-version": "3.2"},
         FILES + " .ruby-version"),
    Case("and by reading it", FROZEN, {**ruby("ruby File.read('.ruby-version').strip\n"), ".ruby-version": "3.2"},
         FILES + " .ruby-version"),
    Case("version managers read one, too", FROZEN, {**RUBY, ".tool-versions": ""}, FILES + " .tool-versions"),
    Case("settings are read", "BUNDLE_FROZEN=1 bundle install", {**RUBY, ".bundle/config": '---\nBUNDLE_PATH: "gems"\n'},
         FILES + " .bundle/config"),
    Case("a Gemfile above", FROZEN, RUBY, FILES, folder="bin"),
    Case("bundle config may stand before it", "bundle config set --local without 'test' && bundle install --frozen", RUBY, FILES),
    Case("bundle config alone", "bundle config set --local without test", RUBY, "Gemfile"),
    Case("without --frozen", "bundle install", RUBY, FILES, unsure="may rewrite Gemfile.lock"),
    Case("settings that images do not read", "bundle install", {**RUBY, ".bundle/config": 'BUNDLE_FROZEN: "true"\n'},
         FILES + " .bundle/config", unsure="may rewrite Gemfile.lock"),
    Case("without Gemfile.lock", "bundle install", {"Gemfile": GEMS}, "Gemfile", unsure="there is no Gemfile.lock"),
    Case("a gemspec", FROZEN, ruby("gemspec\n"), refuses="a gemspec may read any file"),
    Case("a gem in a folder", FROZEN, ruby('gem "x", path: "../x"\n'), refuses="takes gems from a folder"),
    Case("a gem in a folder, as it was written", FROZEN, ruby('gem "x", :path => "x"\n'), refuses="takes gems from a folder"),
    Case("gems of a folder", FROZEN, ruby('path "engines" do\nend\n'), refuses="takes gems from a folder"),
    Case("a repository that is a folder", FROZEN, ruby('gem "x", git: "./x"\n'), refuses="takes gems from a folder"),
    Case("a key that is a text", FROZEN, ruby('gem "x", "path": "x"\n'), refuses="is not understood"),
    Case("a plugin", FROZEN, ruby('plugin "x"\n'), refuses="a plugin may read any file"),
    Case("code that looks for files", FROZEN, ruby("gem 'x' if File.exist?('x')\n"), refuses="runs code, File"),
    Case("code in a text", FROZEN, ruby('gem "x", "#{Dir.pwd}"\n'), refuses="runs code, Dir"),
    Case("code in a text in a text", FROZEN, ruby('gem "x", "#{File.read("gem")}"\n'), refuses="runs code, File"),
    Case("code that runs a program", FROZEN, ruby("gem 'x', `cat v`\n"), refuses="'`'"),
    Case("code of another file", FROZEN, ruby("require_relative 'x'\n"), refuses="it runs another file"),
    Case("a regular expression", FROZEN, ruby("gem 'x' if RUBY_VERSION =~ /\"/\n"), refuses="'/'"),
    Case("a file that is not told", FROZEN, ruby("eval_gemfile ENV['G']\n"), refuses="runs code, eval_gemfile"),
    Case("a lock with a folder", FROZEN, {**RUBY, "Gemfile.lock": "PATH\n  remote: .\n"}, refuses="takes gems from a folder"),
    Case("gems in vendor/cache", FROZEN, {**RUBY, "vendor/cache/x.gem": ""}, refuses="vendor/cache holds gems"),
    Case("gems.rb", FROZEN, {**RUBY, "gems.rb": ""}, refuses="gems.rb stands for the Gemfile"),
    Case("plugins in .bundle", FROZEN, {**RUBY, ".bundle/plugin/index": ""}, refuses="maybe plugins"),
    Case("settings with a folder", FROZEN, {**RUBY, ".bundle/config": 'BUNDLE_LOCAL__X: "../x"\n'}, refuses="BUNDLE_LOCAL__X"),
    Case("settings that are overwritten", "bundle install --frozen --without test", {**RUBY, ".bundle/config": ""},
         refuses="the copy of that file undoes it"),
    Case("bundle config that moves the gems", "bundle config set path vendor", RUBY, refuses="bundle config set path vendor"),
    Case("another Gemfile", "bundle install --gemfile ci/Gemfile", RUBY, refuses="--gemfile"),
    Case("another Gemfile by a variable", FROZEN, RUBY, refuses="BUNDLE_GEMFILE", env={"BUNDLE_GEMFILE": "ci/Gemfile"}),
    Case("programs in a folder", "bundle install --binstubs", RUBY, refuses="--binstubs"),
    Case("bundle exec", "bundle exec rake", RUBY, refuses="bundle exec may read any file"),
    Case("Ruby loads more", FROZEN, RUBY, refuses="RUBYOPT", env={"RUBYOPT": "-r./x"}),
    Case("no Gemfile", FROZEN, SRC, refuses="there is no Gemfile"),
)  # fmt: skip


@pytest.mark.parametrize("case", BUNDLER_CASES, ids=[case.says for case in BUNDLER_CASES])
def test_bundler(case: Case) -> None:
    check(case)


def test_bundler_fills_the_folder_that_it_is_told() -> None:
    assert "vendor/bundle" in told(Case("", "bundle install --deployment", RUBY)).outputs
    assert "gems" in told(Case("", "bundle install --path gems", RUBY)).outputs
    assert b"/gems" in told(Case("", FROZEN, RUBY, env={"BUNDLE_PATH": "/gems"})).elsewhere


LOCK = '{"packages": [{"name": "a/b", "type": "library", "dist": {"type": "zip", "url": "https://x/b.zip"}}]}'


def php(*more: str, lock: str = LOCK) -> dict[str, str]:
    told = ('"require": {"a/b": "^1"}', '"version": "1"', *more)
    return {**SRC, "composer.json": "{" + ", ".join(told) + "}", "composer.lock": lock}


PHP = php('"autoload": {"psr-4": {"A\\\\": "src/"}}')
BOTH = "composer.json composer.lock"
PLUGIN = '{"packages": [], "packages-dev": [{"name": "%s", "type": "composer-plugin"}]}'
BARE = "composer install --no-scripts --no-autoloader --no-plugins"
COMPOSER_CASES = (
    Case("composer.json and composer.lock are all", "composer install", PHP, BOTH),
    Case("options of all kinds", "composer -n i --no-dev --prefer-dist -q --no-progress --ignore-platform-req=ext-x", PHP, BOTH),
    Case("passwords are read", "composer install", {**PHP, "auth.json": "{}"}, "auth.json " + BOTH),
    Case("scripts that are not run", BARE, php('"scripts": {"post-install-cmd": "x"}'), BOTH),
    Case("scripts that are commands", "composer install", php('"scripts": {"test": "phpunit", "post-update-cmd": "x"}'), BOTH),
    Case("classes that are not looked for", BARE, php('"autoload": {"classmap": ["db"]}'), BOTH),
    Case("classes for development", "composer install --no-dev", php('"autoload-dev": {"classmap": ["db"]}'), BOTH),
    Case("plugins that do not run", BARE, php(lock=PLUGIN % "symfony/flex"), BOTH),
    Case("plugins that are forbidden", "composer install", php('"config": {"allow-plugins": {"p/q": false}}',
         lock=PLUGIN % "p/q"), BOTH),
    Case("plugins for development", "composer install --no-dev", php(lock=PLUGIN % "p/q"), BOTH),
    Case("a plugin that is known", "composer install", php(lock=PLUGIN % "phpstan/extension-installer"), BOTH),
    Case("repositories on the network", "composer install", php('"repositories": [{"type": "vcs", "url": "https://x/y"}, '
         '{"packagist.org": false}]'), BOTH),
    Case("a version from a variable", "composer install", {".git/HEAD": "", "composer.json": "{}", "composer.lock": "{}"}, BOTH,
         env={"COMPOSER_ROOT_VERSION": "1"}),
    Case("without composer.lock", "composer install", {"composer.json": "{}"}, "composer.json", unsure="no composer.lock"),
    Case("a version from git", "composer install", {".git/HEAD": "", "composer.json": "{}", "composer.lock": "{}"}, BOTH,
         unsure="asks git"),
    Case("scripts that are run", "composer install", php('"scripts": {"post-autoload-dump": "x"}'), refuses="post-autoload-dump"),
    Case("scripts of an update", "composer install", {"composer.json": '{"scripts": {"post-update-cmd": "x"}}'},
         refuses="post-update-cmd"),
    Case("a plugin that is not known", "composer install", php(lock=PLUGIN % "symfony/flex"), refuses="symfony/flex"),
    Case("a plugin without a lock", "composer install", {"composer.json": '{"config": {"allow-plugins": {"p/q": true}}}'},
         refuses="the plugin p/q"),
    Case("a template of the project", "composer install", php('"extra": {"runtime": {"autoload_template": "x"}}'),
         refuses="a template"),
    Case("classes that are looked for", "composer install", php('"autoload": {"classmap": ["db"]}'), refuses="has classmap"),
    Case("files that are loaded", "composer install", php('"autoload": {"files": ["a.php"]}'), refuses="has files"),
    Case("an optimized autoloader", "composer install -o", PHP, refuses="lists all classes"),
    Case("an authoritative autoloader", "composer install --classmap-authoritative", PHP, refuses="lists all classes"),
    Case("an optimized one by a setting", "composer install", php('"config": {"optimize-autoloader": true}'),
         refuses="lists all classes"),
    Case("packages of a folder", BARE, php('"repositories": {"x": {"type": "path", "url": "../x"}}'), refuses="the type path"),
    Case("packages in archives", BARE, php('"repositories": [{"type": "artifact", "url": "a"}]'), refuses="the type artifact"),
    Case("a repository that is a folder", BARE, php('"repositories": [{"type": "vcs", "url": "./x"}]'), refuses="the folder ./x"),
    Case("a locked folder", BARE, php(lock='{"packages": [{"name": "x", "dist": {"type": "path", "url": "../x"}}]}'),
         refuses="x comes from the folder ../x"),
    Case("a cache in the project", BARE, php('"config": {"cache-dir": "c"}'), refuses="cache-dir"),
    Case("packages outside", BARE, php('"config": {"vendor-dir": "../vendor"}'), refuses="../vendor, which is outside"),
    Case("packages at home", BARE, php('"config": {"vendor-dir": "$HOME/v"}'), refuses="where vendor-dir is"),
    Case("packages that are there", BARE, {**PHP, "vendor/composer/installed.json": ""}, refuses="vendor/ is in the context"),
    Case("another folder", "composer install -d app", PHP, refuses="-d"),
    Case("another manifest", BARE, PHP, refuses="COMPOSER ", env={"COMPOSER": "x.json"}),
    Case("another variable", BARE, PHP, refuses="COMPOSER_VENDOR_DIR", env={"COMPOSER_VENDOR_DIR": "v"}),
    Case("composer update", "composer update", PHP, refuses="it is not known what composer update reads"),
    Case("composer of the project", "./composer.phar install", PHP, refuses="is a file of the project"),
    Case("no JSON", BARE, {"composer.json": "{"}, refuses="composer.json is no JSON"),
    Case("no composer.json", BARE, SRC, refuses="composer.json is not in the context"),
)  # fmt: skip


@pytest.mark.parametrize("case", COMPOSER_CASES, ids=[case.says for case in COMPOSER_CASES])
def test_composer(case: Case) -> None:
    check(case)


def test_composer_fills_the_folders_that_it_is_told() -> None:
    assert told(Case("", BARE, php('"config": {"vendor-dir": "lib", "bin-dir": "bin"}'))).outputs == ("bin", "lib")


KOTLIN = 'plugins {\n  java\n  id("org.springframework.boot") version "3.3.0"\n}\nrepositories { mavenCentral() }\n'
JVM = {
    **SRC,
    "build.gradle.kts": KOTLIN,
    "settings.gradle.kts": 'rootProject.name = "a"\n',
    "gradle.properties": "x=1\n",
}
OF_JVM = "build.gradle.kts gradle.properties settings.gradle.kts"
GROOVY = {**SRC, "settings.gradle": "include 'api', ':web:app' // both\n", "build.gradle": "apply plugin: 'java'\n",
          "api/build.gradle": "", "api/gradle.properties": "", "web/app/build.gradle": "dependencies { implementation project(':api') }",
          "api/gradle.lockfile": ""}  # fmt: skip
OF_GROOVY = (
    "api/build.gradle api/gradle.lockfile api/gradle.properties build.gradle settings.gradle web/app/build.gradle"
)
GRADLEW = {**JVM, "gradlew": "#!/bin/sh\n#   Gradle start up script for POSIX\n", "gradle/libs.versions.toml":
           '[plugins]\nspring-boot = { id = "org.springframework.boot", version = "3" }\nodd = "x.y:1"\n', "gradle/wrapper/"
           "gradle-wrapper.properties": "distributionUrl=https\\://x/g.zip\nzipStoreBase=GRADLE_USER_HOME\n"}  # fmt: skip
OF_GRADLEW = OF_JVM + " gradle/libs.versions.toml gradle/wrapper/gradle-wrapper.properties gradlew"
DEPENDENCIES = "gradle dependencies --no-daemon"


def script(more: str, **files: str) -> dict[str, str]:
    return {**JVM, "build.gradle.kts": KOTLIN + more, **files}


GRADLE_CASES = (
    Case("all scripts of one project", DEPENDENCIES, JVM, OF_JVM),
    Case("options of all kinds", "gradle -q dependencies --refresh-dependencies --configuration runtimeClasspath "
         "-Dorg.gradle.daemon=false --console=plain", JVM, OF_JVM),
    Case("the wrapper needs its files", "./gradlew dependencies", GRADLEW, OF_GRADLEW),
    Case("the wrapper fetches Gradle alone", "./gradlew --version", GRADLEW,
         "gradle.properties gradle/libs.versions.toml gradle/wrapper/gradle-wrapper.properties gradlew"),
    Case("projects that the settings include", DEPENDENCIES, GROOVY, OF_GROOVY),
    Case("projects in brackets over several lines", DEPENDENCIES, {**GROOVY, "settings.gradle":
         "include(\n  'api',\n  'web:app',\n)\n"}, OF_GROOVY),
    Case("one project of several", "gradle :api:dependencies", GROOVY, OF_GROOVY),
    Case("a script that is applied", DEPENDENCIES, script('apply(from = "gradle/more.gradle")', **{"gradle/more.gradle": "x = 1"}),
         OF_JVM + " gradle/more.gradle"),
    Case("a plugin by its name in the catalog", "./gradlew dependencies", {**GRADLEW, "build.gradle.kts":
         "plugins { alias(libs.plugins.spring.boot) }"}, OF_GRADLEW),
    Case("words in comments do not count", DEPENDENCIES, script("// file('x')\n/* exec { } */\n"), OF_JVM),
    Case("manifests of archives", DEPENDENCIES, script("tasks.jar { manifest { attributes('Main-Class' to 'a.B') } }\n"), OF_JVM),
    Case("repositories on the network", DEPENDENCIES, script('repositories { maven { url = uri("https://x/y") } }'), OF_JVM),
    Case("imports of Gradle", DEPENDENCIES, script("import org.gradle.api.tasks.testing.Test\n"), OF_JVM),
    Case("Kotlin's plugin", DEPENDENCIES, {**JVM, "build.gradle.kts": 'plugins { kotlin("jvm") version "2.0"\n}'}, OF_JVM),
    Case("the folder of build files", DEPENDENCIES, script('val out = layout.buildDirectory.dir("x")\n'), OF_JVM),
    Case("files by their names", DEPENDENCIES, script('dependencies { implementation(files("libs/a.jar")) }'), refuses="names files"),
    Case("files of a folder", DEPENDENCIES, script('dependencies { implementation(fileTree("libs")) }'), refuses="names files"),
    Case("files of a folder, in Groovy", DEPENDENCIES, script("compile fileTree dir: 'libs'"), refuses="names files"),
    Case("files of the sources", DEPENDENCIES, script("val a = sourceSets.main.java.files"), refuses="names files"),
    Case("what a file says", DEPENDENCIES, script('version = File("VERSION").readText()'), refuses="may read files"),
    Case("a file in a text", DEPENDENCIES, script('version = "${file("V").text}"'), refuses="names files"),
    Case("a program", DEPENDENCIES, script("val v = providers.exec { }"), refuses="may run programs"),
    Case("a text that is run", DEPENDENCIES, script('def v = "git describe".execute()'), refuses="may run programs"),
    Case("the history", DEPENDENCIES, script("version = git.hash"), refuses="ask for the history"),
    Case("properties of a file", DEPENDENCIES, script("val p = Properties()"), refuses="load a file"),
    Case("the folder of the project", DEPENDENCIES, script('val a = "$rootDir/x"'), refuses="names folders"),
    Case("texts over several lines", DEPENDENCIES, script('val a = """x"""'), refuses="not understood"),
    Case("a repository that is a folder", DEPENDENCIES, script('repositories { maven { url "libs" } }'), refuses="may be a folder"),
    Case("a flat folder", DEPENDENCIES, script("repositories { flatDir { } }"), refuses="brings in folders"),
    Case("an import that is not known", DEPENDENCIES, script("import java.util.Base64\n"), refuses="imports java.util.Base64"),
    Case("a plugin that is not known", DEPENDENCIES, script('apply(plugin = "com.android.application")'),
         refuses="applies com.android.application"),
    Case("a plugin by its class", DEPENDENCIES, script("apply<MyPlugin>()"), refuses="applies MyPlugin"),
    Case("a plugin of the catalog", "./gradlew dependencies", {**GRADLEW, "build.gradle.kts": "plugins { alias(libs.plugins.odd) }"},
         refuses="applies x.y"),
    Case("a script that is not told", DEPENDENCIES, script('apply(from = "$dir/x.gradle")'), refuses="known only when it runs"),
    Case("a script outside", DEPENDENCIES, script('apply(from = "../x.gradle")'), refuses="../x.gradle, which is outside"),
    Case("projects that are not told", DEPENDENCIES, {**GROOVY, "settings.gradle": "include dirs\n"}, refuses="by their names"),
    Case("projects by a loop", DEPENDENCIES, {**GROOVY, "settings.gradle": "['a'].each { include it }"}, refuses="not understood"),
    Case("a project without a script", DEPENDENCIES, {**GROOVY, "settings.gradle": "include 'api', 'x'\n"},
         refuses="the project x has no build script"),
    Case("another build", DEPENDENCIES, {**JVM, "settings.gradle.kts": 'includeBuild("logic")'}, refuses="brings in folders"),
    Case("buildSrc", DEPENDENCIES, {**JVM, "buildSrc/build.gradle": ""}, refuses="buildSrc is built before all else"),
    Case("settings above", DEPENDENCIES, GROOVY, refuses="the settings are in a folder above", folder="api"),
    Case("another script for the wrapper", "./gradlew dependencies", {**GRADLEW, "gradlew": "cat x"}, refuses="is not the script"),
    Case("Gradle from a folder", "./gradlew dependencies", {**GRADLEW, "gradle/wrapper/gradle-wrapper.properties":
         "distributionUrl=gradle.zip"}, refuses="takes Gradle from a folder"),
    Case("properties that move something", DEPENDENCIES, {**JVM, "gradle.properties": "org.gradle.projectcachedir=c"},
         refuses="says where files are"),
    Case("a build", "gradle build -x test", JVM, refuses="-x"),
    Case("another task", "gradle assemble", JVM, refuses="gradle assemble reads"),
    Case("a project by its folder", "gradle -p api dependencies", GROOVY, refuses="-p"),
    Case("properties on the command line", "gradle dependencies -Pa=b", JVM, refuses="-Pa=b"),
    Case("GRADLE_OPTS with an agent", DEPENDENCIES, JVM, refuses="-javaagent", env={"GRADLE_OPTS": "-javaagent:x.jar"}),
    Case("a home in the project", DEPENDENCIES, JVM, refuses="GRADLE_USER_HOME", env={"GRADLE_USER_HOME": ".gradle"}),
)  # fmt: skip


@pytest.mark.parametrize("case", GRADLE_CASES, ids=[case.says for case in GRADLE_CASES])
def test_gradle(case: Case) -> None:
    check(case)


def test_gradle_makes_folders_in_each_project() -> None:
    needs = told(Case("", DEPENDENCIES, GROOVY, env={"GRADLE_USER_HOME": "/g"}))
    assert needs.outputs == (".gradle", ".kotlin", "api/build", "build", "web/app/build", "web/build")
    assert b"/g" in needs.elsewhere


def project(more: str = "", sdk: str = "Microsoft.NET.Sdk") -> str:
    return f'<Project Sdk="{sdk}">{more}</Project>'


def refers(path: str) -> str:
    return f'<ItemGroup><ProjectReference Include="{path}" /></ItemGroup>'


NET = {**SRC, "a.csproj": project('<ItemGroup><PackageReference Include="x" Version="1" /></ItemGroup>')}
SLN = {**SRC, "src/A.sln": 'Project("{FAE0}") = "W", "Web\\Web.csproj", "{1}"\nEndProject\nProject("{2150E333-8FDC-42A3-9474-'
       '1A3956D46DE8}") = "docs", "docs", "{2}"\n', "src/Web/Web.csproj": project(refers("..\\Core\\Core.fsproj")),
       "src/Core/Core.fsproj": project(), "src/Web/Program.cs": ""}  # fmt: skip
OF_SLN = "src/A.sln src/Core/Core.fsproj src/Web/Web.csproj"
SOURCES = '<configuration><packageSources><clear /><add key="n" value="{}" /></packageSources></configuration>'
RESTORE = "dotnet restore"
DOTNET_CASES = (
    Case("the only project", RESTORE, NET, "a.csproj"),
    Case("a project that is named", "dotnet restore src/Core/Core.fsproj", SLN, "src/Core/Core.fsproj"),
    Case("a project refers to others", "dotnet restore ./src/Web/Web.csproj", SLN, "src/Core/Core.fsproj src/Web/Web.csproj"),
    Case("a folder that is named", "dotnet restore src", SLN, OF_SLN),
    Case("a solution", "dotnet restore src/A.sln -v q -r linux-x64 --no-cache", SLN, OF_SLN),
    Case("a solution of the new kind", RESTORE, {**NET, "b/b.csproj": project(), "a/a.slnx":
         '<Solution><Folder Name="/x/"><Project Path="../b/b.csproj" /></Folder></Solution>'}, "a/a.slnx b/b.csproj", folder="a"),
    Case("a path of the image", "dotnet restore /app/a.csproj", NET, "a.csproj"),
    Case("what stands above", "dotnet restore src/Web/Web.csproj", {**SLN, "Directory.Build.props": "<Project />",
         "src/Directory.Build.targets": "<Project />", "Directory.Packages.props": "<Project />", "NuGet.Config":
         SOURCES.format("https://x"), "global.json": "{}", "x/nuget.config": ""}, "Directory.Build.props "
         "Directory.Packages.props NuGet.Config global.json src/Core/Core.fsproj src/Directory.Build.targets src/Web/Web.csproj"),
    Case("only the nearest one counts", RESTORE, {"a/a.csproj": project(), "Directory.Build.props": "<Project />",
         "a/Directory.Build.props": "<Project />"}, "a/Directory.Build.props a/a.csproj", folder="a"),
    Case("nothing above what is copied", RESTORE, {"a/a.csproj": project(), "NuGet.Config": ""}, "a/a.csproj", folder="a",
         source="a"),
    Case("an import", RESTORE, {"a.csproj": project('<Import Project="$(MSBuildThisFileDirectory)b.props" />'),
         "b.props": '<Project><Import Project="c\\c.props" Condition="Exists(\'c\\c.props\')" /></Project>'}, "a.csproj b.props"),
    Case("a locked project", "dotnet restore --locked-mode", {**NET, "packages.lock.json": ""}, "a.csproj packages.lock.json"),
    Case("an SDK as an element", RESTORE, {"a.csproj": '<Project><Sdk Name="Microsoft.NET.Sdk.Web" /></Project>'}, "a.csproj"),
    Case("a lock of its own name", "dotnet restore --locked-mode", {**NET, "packages.a.lock.json": ""},
         "a.csproj packages.a.lock.json"),
    Case("properties of a build", "dotnet restore -p:PublishReadyToRun=true /p:Configuration=Release", NET, "a.csproj"),
    Case("targets of a build", RESTORE, {"a.csproj": project('<Target Name="X" BeforeTargets="Build;Publish" />')}, "a.csproj"),
    Case("the system is asked", RESTORE, {"a.csproj": project("<PropertyGroup Condition=\"$([MSBuild]::IsOSPlatform('Linux'))\" />")},
         "a.csproj"),
    Case("a response file", RESTORE, {**NET, "Directory.Build.rsp": "# x\n-nr:false\n"}, "Directory.Build.rsp a.csproj"),
    Case("what counts for a solution", "dotnet restore src/A.sln", {**SLN, "Directory.Solution.props": "<Project />"},
         "Directory.Solution.props " + OF_SLN),
    Case("a lock that is not kept", RESTORE, {**NET, "packages.lock.json": ""}, "a.csproj packages.lock.json",
         unsure="may rewrite packages.lock.json"),
    Case("two projects", RESTORE, {**NET, "b.fsproj": project()}, refuses="not one solution or project in the folder, but 2"),
    Case("no project", RESTORE, SRC, refuses="but 0"),
    Case("a project that is not there", "dotnet restore src/A.sln", {**SLN, "src/Web/Web.csproj": project(refers("x.csproj"))},
         refuses="src/Web/x.csproj is not in the context"),
    Case("a project outside", RESTORE, {"a.csproj": project(refers("../b/b.csproj"))}, refuses="../b/b.csproj, which is outside"),
    Case("projects by a pattern", RESTORE, {"a.csproj": project(refers("**/*.csproj"))}, refuses="known only when it runs"),
    Case("a project by a property", RESTORE, {"a.csproj": project(refers("$(Root)b.csproj"))}, refuses="known only when it runs"),
    Case("a project of another kind", "dotnet restore A.sln", {"A.sln": 'Project("{E5}") = "d", "d.dcproj", "{1}"'},
         refuses="d.dcproj is a project of a kind"),
    Case("another SDK", RESTORE, {"a.csproj": project(sdk="Aspire.AppHost.Sdk/9.0")}, refuses="no project of an SDK"),
    Case("a project of old", RESTORE, {"a.csproj": "<Project />"}, refuses="no project of an SDK"),
    Case("an import by a property", RESTORE, {"a.csproj": project('<Import Project="$(X)/b.props" />')}, refuses="known only when"),
    Case("an import that is looked for", RESTORE, {"a.csproj": project("<Import Project=\"$([MSBuild]::GetPathOfFileAbove('b'))\" />")},
         refuses="[MSBuild]::GetPathOfFileAbove"),
    Case("an import that is not there", RESTORE, {"a.csproj": project('<Import Project="b.props" />')}, refuses="b.props is not in"),
    Case("what a file says", RESTORE, {"a.csproj": project("<PropertyGroup><Version>$([System.IO.File]::ReadAllText('V'))</Version>"
         "</PropertyGroup>")}, refuses="[System.IO.File]::ReadAllText"),
    Case("whether a file is there", RESTORE, {"a.csproj": project("<ItemGroup Condition=\"Exists('x')\" />")},
         refuses="a condition on whether a file is there"),
    Case("a target of restore", RESTORE, {"a.csproj": project('<Target Name="X" BeforeTargets="CollectPackageReferences" />')},
         refuses="the target X"),
    Case("packages of a folder by a property", RESTORE, {"a.csproj": project("<PropertyGroup><RestoreSources>x</RestoreSources>"
         "</PropertyGroup>")}, refuses="RestoreSources"),
    Case("packages of a folder", RESTORE, {**NET, "nuget.config": SOURCES.format("./packages")}, refuses="the folder ./packages"),
    Case("packages go to a folder", RESTORE, {**NET, "nuget.config": '<configuration><config><add key="globalPackagesFolder" '
         'value="p" /></config></configuration>'}, refuses="globalPackagesFolder"),
    Case("a source that is a folder", "dotnet restore -s ./p", NET, refuses="packages come from a folder"),
    Case("packages in the project", "dotnet restore --packages p", NET, refuses="packages go to a folder"),
    Case("SDKs of the project", RESTORE, {**NET, "global.json": '{"sdk": {"paths": [".dotnet"]}}'}, refuses="folders with SDKs"),
    Case("a property that is not known", "dotnet restore -p:RestoreSources=x", NET, refuses="the property RestoreSources"),
    Case("a variable that is a property", RESTORE, NET, refuses="BaseIntermediateOutputPath", env={"BaseIntermediateOutputPath": "o"}),
    Case("dotnet build", "dotnet build", NET, refuses="dotnet build reads the sources"),
    Case("dotnet tool restore", "dotnet tool restore", NET, refuses="dotnet tool"),
    Case("another variable", RESTORE, NET, refuses="NUGET_FALLBACK_PACKAGES", env={"NUGET_FALLBACK_PACKAGES": "/f"}),
)  # fmt: skip


@pytest.mark.parametrize("case", DOTNET_CASES, ids=[case.says for case in DOTNET_CASES])
def test_dotnet(case: Case) -> None:
    check(case)


def test_dotnet_fills_obj_of_each_project() -> None:
    needs = told(Case("", "dotnet restore src --packages /p", SLN, env={"NUGET_PACKAGES": "/n"}))
    assert needs.outputs == ("src/Core/obj", "src/Web/obj")
    assert {b"/p", b"/n", b"/root/.nuget"} <= set(needs.elsewhere)


def exs(deps: str = '{:plug, "~> 1.0"}', more: str = "") -> str:
    head = "defmodule A.MixProject do\n  use Mix.Project\n\n  def project do\n    [app: :a, deps: deps()"
    return f"{head}{more}]\n  end\n\n  defp deps do\n    [{deps}] # all\n  end\nend\n"


ELIXIR = {**SRC, "mix.exs": exs(), "mix.lock": '%{\n  "plug": {:hex, :plug, "1.0"},\n}\n'}
OF_MIX = "mix.exs mix.lock"
CONFIG = {**ELIXIR, "config/config.exs": 'import Config\nconfig :a, x: System.get_env("X")\nimport_config "#{config_env()}.exs"\n',
          "config/prod.exs": "import Config\n", "config/dev.exs": "", "config/runtime.exs": 'File.read!("x")'}  # fmt: skip
OF_CONFIG = "config/config.exs config/dev.exs config/prod.exs mix.exs mix.lock"
GET = "mix deps.get"
CHILD = ', build_path: "../../_build", config_path: "../../config/config.exs", deps_path: "../../deps", lockfile: "../../mix.lock"'
UMBRELLA = {**CONFIG, "mix.exs": exs("", ', apps_path: "apps"'), "apps/web/mix.exs": exs("{:db, in_umbrella: true}", CHILD),
            "apps/db/mix.exs": exs(more=CHILD), "apps/web/lib/a.ex": ""}  # fmt: skip
MIX_CASES = (
    Case("mix.exs and mix.lock are all", GET, ELIXIR, OF_MIX),
    Case("for one environment", "MIX_ENV=prod mix deps.get --only prod", ELIXIR, OF_MIX),
    Case("the configuration but what a start reads", "mix deps.compile", CONFIG, OF_CONFIG),
    Case("it is loaded by each task", GET, CONFIG, OF_CONFIG),
    Case("several tasks", "mix do local.hex --force, local.rebar --force, deps.get, deps.compile", CONFIG, OF_CONFIG),
    Case("several tasks of late", "mix do deps.get --check-locked + deps.compile", CONFIG, OF_CONFIG),
    Case("Hex alone has no manifests", "mix local.hex --force", ELIXIR),
    Case("neither has rebar, wherever it runs", "mix local.rebar --force", ELIXIR, folder=".."),
    Case("all applications of an umbrella", GET, UMBRELLA, OF_CONFIG + " apps/db/mix.exs apps/web/mix.exs"),
    Case("a version manager reads its file", GET, {**ELIXIR, ".tool-versions": ""}, OF_MIX + " .tool-versions"),
    Case("code that is plain", GET, {**ELIXIR, "mix.exs": exs('{:plug, "~> 1.0", only: [:dev], runtime: Mix.env() == :dev}',
         ', aliases: [setup: ["deps.get", "x"]], description: """\n a #{1} b\n"""')}, OF_MIX),
    Case("words in comments do not count", GET, {**ELIXIR, "mix.exs": '# File.read!("x")\n' + exs()}, OF_MIX),
    Case("without mix.lock", GET, {"mix.exs": exs()}, "mix.exs", unsure="there is no mix.lock"),
    Case("with a part of mix.lock", GET, {**ELIXIR, "mix.lock": "%{}"}, OF_MIX, unsure="mix.lock lacks plug"),
    Case("a dependency in a folder", GET, {"mix.exs": exs('{:x, path: "../x"}')}, refuses="a dependency or something else"),
    Case("a repository that is a folder", GET, {"mix.exs": exs('{:x, git: "../x"}')}, refuses="may lie in a folder"),
    Case("what a file says", GET, {"mix.exs": exs(more=', version: File.read!("V")')}, refuses="may read files"),
    Case("a program", GET, {"mix.exs": exs(more=', version: System.cmd("git", [])')}, refuses="calls System.cmd"),
    Case("a module of Erlang", GET, {"mix.exs": exs(more=", version: :os.cmd('x')")}, refuses="calls :os.cmd"),
    Case("another module", GET, {"mix.exs": "A.B.c()"}, refuses="calls A.B.c"),
    Case("a module in a variable", GET, {"mix.exs": "m = x()\nm.read(1)"}, refuses="known only when it runs"),
    Case("code of another file", GET, {"mix.exs": 'Code.require_file("x.exs")'}, refuses="may read files or run code"),
    Case("code of a module", GET, {"mix.exs": "use Foo.Bar"}, refuses="runs code of another module"),
    Case("a text in a text", GET, {"mix.exs": exs(more=', x: "#{f("#")}"')}, refuses="a string with others inside"),
    Case("an alias for the task", GET, {"mix.exs": exs(more=', aliases: ["deps.get": ["x"]]')}, refuses="an alias replaces a task"),
    Case("configuration that reads files", GET, {**CONFIG, "config/prod.exs": 'File.read!("x")'}, refuses="config/prod.exs has 'File'"),
    Case("configuration that is not told", GET, {**CONFIG, "config/config.exs": 'import_config "#{x}.exs"'}, refuses="imports #{x}.exs"),
    Case("configuration by a pattern", GET, {**CONFIG, "config/config.exs": 'import_config "*.exs"'}, refuses="imports *.exs"),
    Case("configuration elsewhere", GET, {**ELIXIR, "mix.exs": exs(more=', config_path: "c/x.exs"')}, refuses="c/x.exs is not in"),
    Case("a lock that is not told", GET, {"mix.exs": exs(more=", lockfile: f()")}, refuses="says lockfile"),
    Case("one application of an umbrella", GET, UMBRELLA, refuses="other applications of its umbrella", folder="apps/web"),
    Case("mix compile", "mix compile", ELIXIR, refuses="what mix compile reads"),
    Case("mix deps.update", "mix deps.update --all", ELIXIR, refuses="what mix deps.update reads"),
    Case("one task of several", "mix do deps.get, compile", ELIXIR, refuses="what mix compile reads"),
    Case("the default task", "mix", ELIXIR, refuses="its default task"),
    Case("an option that is not known", "mix deps.get --x", ELIXIR, refuses="--x"),
    Case("another mix.exs", GET, ELIXIR, refuses="MIX_EXS", env={"MIX_EXS": "x.exs"}),
    Case("dependencies elsewhere", GET, ELIXIR, refuses="MIX_DEPS_PATH", env={"MIX_DEPS_PATH": "d"}),
    Case("no mix.exs", GET, SRC, refuses="mix.exs is not in the context"),
    Case("mix.exs is a link", GET, SRC, refuses="mix.exs is a link", links={"mix.exs": "x"}),
)  # fmt: skip


@pytest.mark.parametrize("case", MIX_CASES, ids=[case.says for case in MIX_CASES])
def test_mix(case: Case) -> None:
    check(case)


def test_mix_fills_deps_and_build() -> None:
    assert told(Case("", GET, ELIXIR)).outputs == ("_build", "deps")
    assert b"/m" in told(Case("", "mix local.hex --force", ELIXIR, env={"MIX_HOME": "/m"})).elsewhere


def test_every_manager_with_manifests_has_a_reader_of_its_name() -> None:
    ours = ("go", "cargo", "maven", "gradle", "bundle", "composer", "dotnet", "mix")
    assert all(reader_of(name) is not None for name in ours)
    assert {name for name in ours if name != "mix"} <= {manager.name for manager in MANAGERS}
    assert reader_of("/usr/local/bin/mix") is reader_of("mix")
    assert reader_of("apt-get") is reader_of("make") is None
