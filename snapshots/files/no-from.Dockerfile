ARG VERSION=1
# FROM went missing in a merge
RUN apt-get update
RUN apt-get install -y curl
