FROM ubuntu:22.04
RUN apt-get update && apt-get install -y ca-certificates
COPY bootstrap.sh /
RUN /bootstrap.sh --all
RUN mkdir /etc/app
COPY app.conf /etc/app/
