FROM gitpod/workspace-base
USER gitpod
RUN sudo apt-get update
RUN sudo apt-get install -y redis-server
RUN sudo -E apt-get install -y postgresql \
    && sudo mkdir -p /workspace/data
RUN echo 'eval "$(direnv hook bash)"' | sudo tee -a /etc/bash.bashrc
