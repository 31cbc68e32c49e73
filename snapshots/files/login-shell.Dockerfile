FROM continuumio/miniconda3
SHELL ["/bin/bash", "--login", "-c"]
RUN conda init bash
RUN echo "conda activate base" >> ~/.bashrc
RUN conda install -y numpy
SHELL ["/bin/bash", "-c"]
ENV BASH_ENV=/root/.env
RUN echo 'export LEVEL=2' >> /root/.env
RUN echo $LEVEL
