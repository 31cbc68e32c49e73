FROM debian:12
RUN echo "127.0.0.1 db" >> /etc/hosts
RUN getent hosts db
RUN echo "nameserver 10.0.0.2" > /etc/resolv.conf
RUN mkdir /data
RUN touch /dev/shm/lock
RUN ls /dev/shm
