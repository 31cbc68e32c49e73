FROM ubuntu:24.04
RUN apt-get update && apt-get install -y python3-pip npm && rm -rf /var/lib/apt/lists/*
RUN pip3 install --upgrade pip
RUN pip3 install flask
RUN npm install -g npm@10
RUN npm install -g yarn
RUN yarn --version
