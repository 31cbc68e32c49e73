FROM ubuntu:22.04
RUN ["apt-get", "update"]
RUN ["apt-get", "install", "-y", "openjdk-17-jre-headless"]
RUN useradd minecraft
RUN mkdir -p /world
RUN ["/bin/bash", "-c", "chown minecraft /world"]
VOLUME ["/world"]
USER minecraft
CMD ["java", "-jar", "server.jar"]
