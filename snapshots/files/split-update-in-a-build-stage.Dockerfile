FROM gcc:13 AS compile
RUN apt-get update
# CMake of Debian is new enough
RUN apt-get install -y cmake ninja-build
COPY . /src
RUN cmake -S /src -B /build -G Ninja
RUN cmake --build /build
RUN strip /build/server

FROM compile AS tests
RUN apt-get update
RUN apt-get install -y valgrind
RUN ctest --test-dir /build

FROM debian:bookworm-slim
COPY --from=compile /build/server /usr/local/bin/
COPY --from=tests /build/Testing /usr/share/server/Testing
RUN useradd server
RUN install -d -o server /var/lib/server
USER server
CMD ["server"]
