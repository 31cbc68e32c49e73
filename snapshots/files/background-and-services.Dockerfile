FROM ubuntu:22.04
RUN apt-get update && apt-get install -y postgresql mysql-server xvfb && rm -rf /var/lib/apt/lists/*
RUN service postgresql start && su postgres -c "createdb app"
RUN mkdir -p /var/run/mysqld
RUN mysqld --initialize-insecure --user=mysql
RUN chown mysql:mysql /var/run/mysqld
RUN Xvfb :99 & sleep 1
RUN touch /tmp/after-xvfb
RUN nohup sleep 100 >/dev/null 2>&1
RUN pg_ctlcluster 14 main start
RUN redis-server --daemonize yes
RUN ./gradlew assemble
RUN gpg --batch --recv-keys 0123456789ABCDEF
RUN echo last
