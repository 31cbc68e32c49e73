FROM debian:12
RUN apt-get update
RUN apt-get install -y curl
# dockfix: ignore-file kept as the course shows it
CMD ["bash"]
