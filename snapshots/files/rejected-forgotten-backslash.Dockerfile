FROM ubuntu:22.04
RUN apt-get update && apt-get install -y \
    curl \
    git
    vim
RUN mkdir /data
RUN chmod 777 /data
