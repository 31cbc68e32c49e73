FROM debian:12
RUN [ -d /opt/app ] || mkdir -p /opt/app
RUN [ "$(id -u)" = 0 ]
RUN ['apt-get', 'update']
RUN [[ -e /etc/os-release ]] && echo found
RUN ["sh", "-c", "echo exec form"]
RUN [ "sh", "-c", "echo exec form, with blanks" ]
RUN mkdir /a
RUN mkdir /b
