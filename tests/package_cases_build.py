r"""Cases of the tools that build what they fetch: data for test_package_cases.py."""

from __future__ import annotations

from package_cases import CACHES, change, stay

GO = [
    change("both caches go behind the last build", "go", CACHES, r"""
         FROM golang:1.22-alpine
         WORKDIR /src
         COPY . .
        -RUN CGO_ENABLED=0 go build -ldflags "-s -w" -o /app ./cmd/app
        +RUN CGO_ENABLED=0 go build -ldflags "-s -w" -o /app ./cmd/app \
        +    && go clean -cache \
        +    && go clean -modcache
         ENTRYPOINT ["/app"]
        """),
    change("tools that are installed", "go", CACHES, r"""
         FROM golang:1.22
         RUN go install golang.org/x/tools/gopls@latest && \
        -    go install github.com/go-delve/delve/cmd/dlv@latest
        +    go install github.com/go-delve/delve/cmd/dlv@latest && \
        +    go clean -cache && \
        +    go clean -modcache
         CMD ["dlv", "version"]
        """),
    change("the one that is left", "go", CACHES, r"""
         FROM golang:1.22
         COPY . .
        -RUN go build -o /app . && go clean -modcache
        +RUN go build -o /app . && go clean -modcache \
        +    && go clean -cache
         CMD ["/app"]
        """),
    stay("a later build reads the modules", "go", CACHES, r"""
        FROM golang:1.22
        COPY go.mod go.sum ./
        RUN go mod download
        COPY . .
        RUN go build -o /app . && go clean -cache -modcache
        """, "a later instruction still needs go's module cache"),
    stay("the container builds when it starts", "go", CACHES, r"""
        FROM golang:1.22
        COPY . .
        RUN go build ./...
        CMD ["go", "run", "."]
        """, "a later instruction still needs go's build cache"),
    stay("the usual two stages", "go", CACHES, r"""
        FROM golang:1.22 AS build
        COPY . .
        RUN go mod download && go build -o /app .

        FROM gcr.io/distroless/static
        COPY --from=build /app /app
        """),
    stay("cache mounts on both", "go", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM golang:1.22
        COPY . .
        RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o /app .
        CMD ["/app"]
        """),
    stay("the folders are deleted", "go", CACHES, r"""
        FROM golang:1.22
        COPY . .
        RUN go build -o /app . && rm -rf /go/pkg /root/.cache/go-build
        CMD ["/app"]
        """),
    stay("a build in a branch, a version, an environment", "go", CACHES, r"""
        FROM golang:1.22
        RUN go version && go env -w GOPROXY=direct && echo "go build ."
        """),
]  # fmt: skip

CARGO = [
    change("a program of one's own", "cargo", CACHES, r"""
         FROM rust:1.79-slim
         COPY . .
        -RUN cargo install --path .
        +RUN cargo install --path . \
        +    && rm -rf "${CARGO_HOME:-$HOME/.cargo}/registry"
         CMD ["app"]
        """),
    change("a tool of others", "cargo", CACHES, r"""
         FROM rust:1.79
         RUN rustup component add rustfmt && \
        -    cargo install --locked mdbook
        +    cargo install --locked mdbook && \
        +    rm -rf "${CARGO_HOME:-$HOME/.cargo}/registry"
         CMD ["mdbook", "serve"]
        """),
    change("a build and what is made of it", "cargo", CACHES, r"""
         FROM rust:1.79
         COPY . .
         RUN set -eux; \
             cargo build --release --features tls; \
        -    mv target/release/app /usr/local/bin/
        +    mv target/release/app /usr/local/bin/; \
        +    rm -rf "${CARGO_HOME:-$HOME/.cargo}/registry"
         ENTRYPOINT ["app"]
        """),
    stay("crates that are fetched for a later build", "cargo", CACHES, r"""
        FROM rust:1.79
        COPY Cargo.toml Cargo.lock ./
        RUN cargo fetch
        COPY . .
        RUN cargo build --release && rm -rf /usr/local/cargo/registry
        """, "a later instruction still needs cargo's registry"),
    stay("the container runs cargo", "cargo", CACHES, r"""
        FROM rust:1.79
        COPY . .
        RUN cargo build
        CMD ["cargo", "run"]
        """, "a later instruction still needs cargo's registry"),
    stay("a recipe and its build, not shipped", "cargo", CACHES, r"""
        FROM lukemathwalker/cargo-chef:latest AS chef
        COPY . .
        RUN cargo chef prepare --recipe-path recipe.json && cargo chef cook --release && cargo build --release

        FROM debian:bookworm-slim
        COPY --from=chef /app/target/release/app /usr/local/bin/
        """),
    stay("a cache mount", "cargo", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM rust:1.79
        COPY . .
        RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/target cargo build --release
        CMD ["/bin/app"]
        """),
    stay("a build in a branch", "cargo", CACHES, r"""
        FROM rust:1.79
        ARG PROFILE
        RUN if [ "$PROFILE" = dev ]; then cargo build; else cargo build --release; fi
        CMD ["target/app"]
        """, "it stands in a branch"),
    stay("an image of tools may build whatever it is given", "cargo", CACHES, r"""
        FROM rust:1.79
        RUN rustup target add wasm32-unknown-unknown && cargo install --locked wasm-pack
        """, "no CMD or ENTRYPOINT tells"),
]  # fmt: skip

MAVEN = [
    change("a jar that runs by itself", "maven", CACHES, r"""
         FROM maven:3.9-eclipse-temurin-21
         COPY . /app
         WORKDIR /app
        -RUN mvn -B -ntp package
        +RUN mvn -B -ntp package \
        +    && rm -rf ~/.m2/repository
         CMD ["java", "-jar", "target/app.jar"]
        """),
    change("the wrapper, and a copy behind it", "maven", CACHES, r"""
         FROM eclipse-temurin:21
         COPY . .
         RUN ./mvnw clean package && \
        -    cp target/app.jar /app.jar
        +    cp target/app.jar /app.jar && \
        +    rm -rf ~/.m2/repository
         CMD ["java", "-jar", "/app.jar"]
        """),
    change("under errexit, of a checkout", "maven", CACHES, r"""
         FROM maven:3-eclipse-temurin-17
         RUN set -ex; \
             git clone https://example.org/tool.git /tool; \
        -    mvn -q -f /tool/pom.xml install
        +    mvn -q -f /tool/pom.xml install; \
        +    rm -rf ~/.m2/repository
         ENTRYPOINT ["/tool/run"]
        """),
    stay("what goes offline is read later", "maven", CACHES, r"""
        FROM maven:3.9
        COPY pom.xml .
        RUN mvn -B dependency:go-offline
        COPY src src
        RUN mvn -o package && rm -rf ~/.m2
        """, "a later instruction still needs maven's local repository"),
    stay("the container tests when it starts", "maven", CACHES, r"""
        FROM maven:3.9
        COPY . .
        RUN mvn package
        ENTRYPOINT ["mvn", "verify"]
        """, "a later instruction still needs maven's local repository"),
    stay("a mount on the repository", "maven", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM maven:3.9
        COPY . .
        RUN --mount=type=cache,target=/root/.m2 mvn package
        CMD ["java", "-jar", "target/app.jar"]
        """),
    stay("a stage that only builds", "maven", CACHES, r"""
        FROM maven:3.9 AS build
        COPY . .
        RUN mvn -DskipTests=true package

        FROM eclipse-temurin:21-jre
        COPY --from=build /target/app.jar /app.jar
        """),
    stay("the repository is deleted", "maven", CACHES, r"""
        FROM maven:3.9
        COPY . .
        RUN mvn package && rm -rf /root/.m2
        CMD ["java", "-jar", "target/app.jar"]
        """),
]  # fmt: skip

GRADLE = [
    change("without its daemon the caches can go", "gradle", CACHES, r"""
         FROM gradle:8-jdk21
         COPY --chown=gradle:gradle . /app
         WORKDIR /app
        -RUN gradle build --no-daemon
        +RUN gradle build --no-daemon \
        +    && rm -rf "${GRADLE_USER_HOME:-$HOME/.gradle}/caches"
         CMD ["java", "-jar", "build/libs/app.jar"]
        """),
    change("the wrapper, with the daemon off in a variable", "gradle", CACHES, r"""
         FROM eclipse-temurin:21
         ENV GRADLE_OPTS="-Dorg.gradle.daemon=false"
         COPY . .
         RUN ./gradlew bootJar && \
        -    cp build/libs/app.jar /app.jar
        +    cp build/libs/app.jar /app.jar && \
        +    rm -rf "${GRADLE_USER_HOME:-$HOME/.gradle}/caches"
         CMD ["java", "-jar", "/app.jar"]
        """),
    change("under errexit, with a task left out", "gradle", CACHES, r"""
         FROM gradle:8
         COPY . .
         RUN set -e; \
        -    gradle --no-daemon assemble -x test
        +    gradle --no-daemon assemble -x test; \
        +    rm -rf "${GRADLE_USER_HOME:-$HOME/.gradle}/caches"
         CMD ["java", "-jar", "build/libs/app.jar"]
        """),
    stay("a daemon may still be there", "gradle", CACHES, r"""
        FROM gradle:8
        COPY . .
        RUN gradle build
        CMD ["java", "-jar", "build/libs/app.jar"]
        """, "gradle's daemon may still use its caches"),
    stay("a later build reads them", "gradle", CACHES, r"""
        FROM gradle:8
        COPY build.gradle settings.gradle ./
        RUN gradle --no-daemon dependencies
        COPY src src
        RUN gradle --no-daemon build && rm -rf ~/.gradle
        """, "a later instruction still needs gradle's caches"),
    stay("a cache mount", "gradle", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM gradle:8
        COPY . .
        RUN --mount=type=cache,target=/home/gradle/.gradle/caches gradle --no-daemon build
        CMD ["java", "-jar", "build/libs/app.jar"]
        """),
    stay("the container runs gradle", "gradle", CACHES, r"""
        FROM gradle:8
        COPY . .
        RUN gradle --no-daemon classes
        CMD gradle --no-daemon bootRun
        """, "a later instruction still needs gradle's caches"),
    stay("a stage that only builds", "gradle", CACHES, r"""
        FROM gradle:8 AS build
        COPY . .
        RUN gradle build

        FROM eclipse-temurin:21-jre
        COPY --from=build /build/libs/app.jar /app.jar
        """),
]  # fmt: skip

DOTNET = [
    change("a published program has its own copies", "dotnet", CACHES, r"""
         FROM mcr.microsoft.com/dotnet/sdk:8.0
         COPY . .
        -RUN dotnet publish -c Release -o /out
        +RUN dotnet publish -c Release -o /out \
        +    && dotnet nuget locals all --clear
         ENTRYPOINT ["/out/App"]
        """),
    change("a restore and a publish in one RUN", "dotnet", CACHES, r"""
         FROM mcr.microsoft.com/dotnet/sdk:8.0
         COPY . .
         RUN dotnet restore && \
        -    dotnet publish App.csproj -c Release -o /out --no-restore
        +    dotnet publish App.csproj -c Release -o /out --no-restore && \
        +    dotnet nuget locals all --clear
         ENTRYPOINT ["/out/App"]
        """),
    change("a tool", "dotnet", CACHES, r"""
         FROM mcr.microsoft.com/dotnet/sdk:8.0
        -RUN dotnet tool install --tool-path /tools dotnet-ef
        +RUN dotnet tool install --tool-path /tools dotnet-ef \
        +    && dotnet nuget locals all --clear
         ENTRYPOINT ["/tools/dotnet-ef"]
        """),
    stay("a later publish reads what was restored", "dotnet", CACHES, r"""
        FROM mcr.microsoft.com/dotnet/sdk:8.0
        COPY App.csproj .
        RUN dotnet restore
        COPY . .
        RUN dotnet publish -c Release -o /out && dotnet nuget locals all --clear
        """, "a later instruction still needs NuGet's packages"),
    stay("what is built, but not published, may run from there", "dotnet", CACHES, r"""
        FROM mcr.microsoft.com/dotnet/sdk:8.0
        COPY . .
        RUN dotnet build -c Release -o /app
        ENTRYPOINT ["/app/App"]
        """, "what was built, but not published"),
    stay("the container runs the sources", "dotnet", CACHES, r"""
        FROM mcr.microsoft.com/dotnet/sdk:8.0
        COPY . .
        RUN dotnet publish -o /out
        CMD ["dotnet", "watch", "run"]
        """, "a later instruction still needs NuGet's packages"),
    stay("the usual two stages", "dotnet", CACHES, r"""
        FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
        COPY . .
        RUN dotnet publish -c Release -o /app

        FROM mcr.microsoft.com/dotnet/aspnet:8.0
        COPY --from=build /app /app
        ENTRYPOINT ["dotnet", "/app/App.dll"]
        """),
    stay("a cache mount", "dotnet", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM mcr.microsoft.com/dotnet/sdk:8.0
        COPY . .
        RUN --mount=type=cache,target=/root/.nuget dotnet publish -o /out
        ENTRYPOINT ["/out/App"]
        """),
    stay("the packages are deleted", "dotnet", CACHES, r"""
        FROM mcr.microsoft.com/dotnet/sdk:8.0
        COPY . .
        RUN dotnet publish -o /out && rm -rf /root/.nuget
        ENTRYPOINT ["/out/App"]
        """),
]  # fmt: skip

BUILD = [*GO, *CARGO, *MAVEN, *GRADLE, *DOTNET]
