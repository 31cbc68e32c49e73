FROM ubuntu:22.04
RUN . /etc/os-release && echo "$VERSION_CODENAME" > /codename
RUN cat /codename
RUN eval "$(cat /setup.env)"
RUN mkdir /x
RUN $INSTALLER --yes
RUN helper() { cd /x; }; helper
RUN touch here
RUN source /opt/venv/bin/activate && pip install flask
RUN flask --version
