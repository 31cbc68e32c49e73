FROM debian:12
RUN make -C /src # all of it
RUN make -C /src install
RUN apt-get update && apt-get install -y curl # for the health check
RUN echo '# no comment' # but this is one
RUN echo done
