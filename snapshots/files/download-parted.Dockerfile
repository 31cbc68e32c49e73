FROM ubuntu:24.04
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl wget && rm -rf /var/lib/apt/lists/*

# conda
RUN wget https://example.org/Miniconda3-latest-Linux-x86_64.sh && bash Miniconda3-latest-Linux-x86_64.sh -p /miniconda -b
ENV PATH=/miniconda/bin:$PATH
RUN conda update -y conda && rm Miniconda3-latest-Linux-x86_64.sh

# what the last run has left
COPY state.json /var/lib/app/
# the model
RUN curl -fsSL -o /tmp/model.tar.gz https://example.org/model.tar.gz
LABEL org.opencontainers.image.title="model"
WORKDIR /models
RUN tar xzf /tmp/model.tar.gz && rm /tmp/model.tar.gz

RUN curl -fsSLo /tmp/tool.zip https://example.org/tool.zip
COPY setup.sh /tmp/
RUN /tmp/setup.sh && rm /tmp/tool.zip
CMD ["conda", "--version"]
