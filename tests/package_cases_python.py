r"""Cases of the package managers of Python: data for test_package_cases.py."""

from __future__ import annotations

from package_cases import ANSWERS, CACHES, change, stay

PIP = [
    change("each install of a RUN", "pip", CACHES, r"""
         FROM python:3.12-slim
         WORKDIR /app
         COPY requirements.txt .
        -RUN pip install --upgrade pip setuptools \
        -    && pip install -r requirements.txt
        +RUN pip install --upgrade --no-cache-dir pip setuptools \
        +    && pip install --no-cache-dir -r requirements.txt
        """),
    change("python -m pip, a path, sudo", "pip", CACHES, r"""
         FROM ubuntu:24.04
        -RUN python3 -m pip install flask && /opt/venv/bin/pip install gunicorn==22.0 && sudo -H pip3 install 'uvicorn[standard]'
        +RUN python3 -m pip install --no-cache-dir flask && /opt/venv/bin/pip install --no-cache-dir gunicorn==22.0 && sudo -H pip3 install --no-cache-dir 'uvicorn[standard]'
        """),
    change("packages on lines of their own, with comments", "pip", CACHES, r"""
         FROM python:3.12
         RUN set -eux; \
        -    pip install \
        +    pip install --no-cache-dir \
                 # the server
                 gunicorn \
                 # its metrics
                 prometheus-client \
             ; \
             gunicorn --version
        """),
    change("a user's cache is a cache, too", "pip", CACHES, r"""
         FROM jupyter/base-notebook
         USER ${NB_UID}
        -RUN pip install --quiet seaborn && fix-permissions "${CONDA_DIR}"
        +RUN pip install --quiet --no-cache-dir seaborn && fix-permissions "${CONDA_DIR}"
        """),
    change("an index with its value stays together", "pip", CACHES, r"""
         FROM python:3.11
        -RUN pip install --index-url https://download.example.org/whl/cpu --pre torch
        +RUN pip install --no-cache-dir --index-url https://download.example.org/whl/cpu --pre torch
        """),
    change("in a branch the option is as good", "pip", CACHES, r"""
         FROM python:3.12
         ARG ENV=prod
        -RUN if [ "$ENV" = dev ]; then pip install -r dev.txt; else pip install -r prod.txt; fi
        +RUN if [ "$ENV" = dev ]; then pip install --no-cache-dir -r dev.txt; else pip install --no-cache-dir -r prod.txt; fi
        """),
    change("in a virtual environment", "pip", CACHES, r"""
         FROM python:3.12
        -RUN python -m venv /venv && . /venv/bin/activate && pip install -e .
        +RUN python -m venv /venv && . /venv/bin/activate && pip install --no-cache-dir -e .
        """),
    stay("the option stands on either side of the sub-command", "pip", CACHES, r"""
        FROM python:3.12
        RUN pip install --no-cache-dir flask && pip --no-cache-dir install gunicorn && pip install flask-cors --no-cache-dir
        """),
    stay("the cache is deleted", "pip", CACHES, r"""
        FROM python:3.12
        RUN pip install flask && rm -rf ~/.cache/pip
        RUN pip install gunicorn && rm -rf /root/.cache
        """),
    stay("an ARG turns it off", "pip", CACHES, r"""
        FROM python:3.12
        ARG PIP_NO_CACHE_DIR=1
        RUN pip install flask
        """),
    stay("a cache mount on all caches of root", "pip", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM python:3.12
        RUN --mount=type=cache,target=/root/.cache pip install flask
        """),
    stay("a stage of wheels that is not shipped", "pip", CACHES, r"""
        FROM python:3.12 AS wheels
        COPY requirements.txt .
        RUN pip wheel -w /wheels -r requirements.txt

        FROM python:3.12-slim
        COPY --from=wheels /wheels /wheels
        RUN pip install --no-cache-dir /wheels/*.whl
        """),
    stay("a loop installs line by line", "pip", CACHES, r"""
        FROM python:3.12
        COPY requirements.txt /
        RUN while read -r line; do pip install "$line"; done < /requirements.txt
        """, "stands in a loop"),
    stay("what is no call that can be read", "pip", CACHES, r"""
        FROM python:3.12
        RUN xargs -n 1 pip install < requirements.txt && bash -c "pip install flask" && echo pip install celery
        """),
    stay("what fetches nothing", "pip", CACHES, r"""
        FROM python:3.12
        RUN pip --version && pip list && pip uninstall -y setuptools && pip config set global.timeout 60
        """),
]  # fmt: skip

UV = [
    change("into the system", "uv", CACHES, r"""
         FROM python:3.12-slim
         COPY requirements.txt .
        -RUN pip install --no-cache-dir uv && uv pip install --system -r requirements.txt
        +RUN pip install --no-cache-dir uv && uv pip install --system --no-cache -r requirements.txt
        """),
    change("a project that is locked", "uv", CACHES, r"""
         FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim
         WORKDIR /app
         COPY pyproject.toml uv.lock ./
        -RUN uv sync --locked --no-dev --no-install-project
        +RUN uv sync --locked --no-dev --no-install-project --no-cache
         COPY . .
        -RUN uv sync --locked --no-dev
        +RUN uv sync --locked --no-dev --no-cache
        """),
    change("tools and python -m uv", "uv", CACHES, r"""
         FROM python:3.12
        -RUN uv tool install ruff && python -m uv pip install --python 3.12 httpx
        +RUN uv tool install --no-cache ruff && python -m uv pip install --no-cache --python 3.12 httpx
        """),
    stay("the option, wherever it stands", "uv", CACHES, r"""
        FROM ghcr.io/astral-sh/uv:debian
        RUN uv --no-cache sync && uv pip install --no-cache httpx
        """),
    stay("a variable turns it off", "uv", CACHES, r"""
        FROM ghcr.io/astral-sh/uv:debian
        ENV UV_COMPILE_BYTECODE=1 UV_NO_CACHE=1
        RUN uv sync --frozen
        """),
    stay("a cache mount, at its usual place and where a variable puts it", "uv", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM ghcr.io/astral-sh/uv:debian
        RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-install-project
        ENV UV_CACHE_DIR=/opt/uv-cache
        RUN --mount=type=cache,target=/opt/uv-cache uv sync --frozen
        """),
    stay("the cache is emptied", "uv", CACHES, r"""
        FROM ghcr.io/astral-sh/uv:debian
        RUN uv sync --frozen && uv cache clean
        RUN uv pip install --system httpx && rm -rf /root/.cache/uv
        """),
    stay("the builder's cache is not shipped", "uv", CACHES, r"""
        FROM ghcr.io/astral-sh/uv:python3.12-bookworm AS builder
        RUN uv sync --frozen --no-dev

        FROM python:3.12-slim-bookworm
        COPY --from=builder /app /app
        """),
    stay("a function installs", "uv", CACHES, r"""
        FROM ghcr.io/astral-sh/uv:debian
        RUN add() { uv pip install --system "$1"; }; add httpx; add rich
        """, "a function"),
]  # fmt: skip

POETRY = [
    change("downloads go, virtual environments stay", "poetry", CACHES, r"""
         FROM python:3.12
         RUN pip install --no-cache-dir poetry==1.8.3
         COPY pyproject.toml poetry.lock ./
         RUN poetry config virtualenvs.create false \
        -    && poetry install --no-root --only main --no-interaction --no-ansi
        +    && poetry install --no-root --only main --no-interaction --no-ansi \
        +    && rm -rf ~/.cache/pypoetry/artifacts ~/.cache/pypoetry/cache
        """),
    change("a user has a home, too", "poetry", CACHES, r"""
         FROM example/poetry
         USER app
         RUN poetry lock && \
        -    poetry install --sync
        +    poetry install --sync && \
        +    rm -rf ~/.cache/pypoetry/artifacts ~/.cache/pypoetry/cache
        """),
    change("python -m poetry, under errexit", "poetry", CACHES, r"""
         FROM python:3.12
         RUN set -eux; \
        -    python -m poetry add gunicorn
        +    python -m poetry add gunicorn; \
        +    rm -rf ~/.cache/pypoetry/artifacts ~/.cache/pypoetry/cache
        """),
    stay("the cache is deleted, or only its downloads", "poetry", CACHES, r"""
        FROM python:3.12
        RUN poetry install --no-root && rm -rf ~/.cache/pypoetry
        RUN poetry install && poetry cache clear --all pypi
        """),
    stay("a variable moves it", "poetry", CACHES, r"""
        FROM python:3.12
        ENV POETRY_CACHE_DIR=/tmp/poetry
        RUN poetry install --no-root
        """, "POETRY_CACHE_DIR moves poetry's download cache elsewhere"),
    stay("a cache mount, at its usual place and where a variable puts it", "poetry", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM python:3.12
        RUN --mount=type=cache,target=/root/.cache/pypoetry poetry install --no-root
        ENV POETRY_CACHE_DIR=/opt/poetry-cache
        RUN --mount=type=cache,target=/opt/poetry-cache poetry install
        """),
    stay("a branch may not run", "poetry", CACHES, r"""
        FROM python:3.12
        ARG DEV
        RUN if [ -n "$DEV" ]; then poetry install; fi
        """, "its `poetry install` may not run"),
    stay("an export fetches nothing that stays, a builder ships nothing", "poetry", CACHES, r"""
        FROM python:3.12 AS builder
        RUN poetry install --no-root

        FROM python:3.12-slim
        RUN poetry export -f requirements.txt -o requirements.txt && poetry --version
        COPY --from=builder /app/.venv /app/.venv
        """),
]  # fmt: skip

PIPENV = [
    change("both of its caches go", "pipenv", CACHES, r"""
         FROM python:3.11-slim
         COPY Pipfile Pipfile.lock ./
        -RUN pipenv install --system --deploy
        +RUN pipenv install --system --deploy \
        +    && rm -rf ~/.cache/pipenv ~/.cache/pip
        """),
    change("sync, behind the install of pipenv itself", "pipenv", CACHES, r"""
         FROM python:3.11
         RUN pip install --no-cache-dir pipenv && \
        -    PIPENV_VENV_IN_PROJECT=1 pipenv sync
        +    PIPENV_VENV_IN_PROJECT=1 pipenv sync && \
        +    rm -rf ~/.cache/pipenv ~/.cache/pip
        """),
    change("under errexit", "pipenv", CACHES, r"""
         FROM python:3.11
         RUN set -ex; \
             pipenv install --deploy --system; \
        -    python -c 'import flask'
        +    python -c 'import flask'; \
        +    rm -rf ~/.cache/pipenv ~/.cache/pip
        """),
    stay("the caches are deleted", "pipenv", CACHES, r"""
        FROM python:3.11
        RUN pipenv install --system && rm -rf /root/.cache
        """),
    stay("a variable moves one of them", "pipenv", CACHES, r"""
        FROM python:3.11
        ENV PIPENV_CACHE_DIR=/tmp/pipenv
        RUN pipenv install --system
        """, "PIPENV_CACHE_DIR moves pipenv's download cache elsewhere"),
    stay("a cache mount", "pipenv", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM python:3.11
        RUN --mount=type=cache,target=/root/.cache pipenv install --system --deploy
        """),
    stay("a lock alone, a command, a stage that is not shipped", "pipenv", CACHES, r"""
        FROM python:3.11 AS base
        RUN pipenv install --dev

        FROM python:3.11-slim
        RUN pipenv --version && pipenv run python --version
        COPY --from=base /.venv /.venv
        """),
    stay("behind || it may not run", "pipenv", CACHES, r"""
        FROM python:3.11
        RUN test -d .venv || pipenv install
        """, "its `pipenv install` may not run"),
]  # fmt: skip

CONDA = [
    change("an environment from a file", "conda", CACHES, r"""
         FROM continuumio/miniconda3
         COPY environment.yml .
        -RUN conda env create -f environment.yml
        +RUN conda env create -f environment.yml \
        +    && conda clean -afy
        """),
    change("a path, and several calls", "conda", CACHES, r"""
         FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
         RUN /opt/conda/bin/conda update -y -n base conda && \
        -    /opt/conda/bin/conda install -y -c conda-forge numpy=1.26
        +    /opt/conda/bin/conda install -y -c conda-forge numpy=1.26 && \
        +    /opt/conda/bin/conda clean -afy
        """),
    stay("the end of the input is a yes", "conda", ANSWERS, r"""
        FROM continuumio/miniconda3
        RUN conda create -n py27 python=2.7 && conda install -c conda-forge nim && conda remove --force qt && conda clean -afy
        """),
    stay("the known ways to clean", "conda", CACHES, r"""
        FROM continuumio/miniconda3
        RUN conda install -y numpy && conda clean -tipsy
        RUN conda install -y scipy && conda clean --all --yes && rm -rf /root/.cache
        RUN conda install -y pandas && rm -rf /opt/conda/pkgs/*
        """),
    stay("a cache mount", "conda", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM continuumio/miniconda3
        RUN --mount=type=cache,target=/opt/conda/pkgs conda env create -f environment.yml
        """),
    stay("what is answered, or asks nothing", "conda", ANSWERS, r"""
        FROM continuumio/miniconda3
        RUN conda install --yes numpy && conda install -qy scipy && conda env create -f environment.yml && conda info
        """),
    stay("the configuration answers", "conda", ANSWERS, r"""
        FROM continuumio/miniconda3
        RUN conda config --set always_yes yes
        RUN conda install numpy
        """),
    stay("a script in quotes, since it activates", "conda", CACHES, r"""
        FROM continuumio/miniconda3
        RUN /bin/bash -c "conda create -y -n app python && source activate app && conda install -y numpy"
        """),
]  # fmt: skip

MAMBA = [
    change("a clean at the end", "mamba", CACHES, r"""
         FROM condaforge/mambaforge
         COPY environment.yml /tmp/
        -RUN mamba env update -n base -f /tmp/environment.yml
        +RUN mamba env update -n base -f /tmp/environment.yml \
        +    && mamba clean -afy
        """),
    change("packages on lines of their own", "mamba", CACHES, r"""
         FROM quay.io/jupyter/minimal-notebook
         RUN mamba install --yes \
             'altair' \
        -    'bokeh'
        +    'bokeh' \
        +    && mamba clean -afy
        """),
    stay("the end of the input is a yes", "mamba", ANSWERS, r"""
        FROM condaforge/mambaforge
        RUN mamba install -c bioconda samtools && mamba create -n app python=3.11 && mamba clean -afy
        """),
    stay("its own clean, and conda's", "mamba", CACHES, r"""
        FROM condaforge/mambaforge
        RUN mamba install -y numpy && mamba clean --all -f -y
        RUN mamba install -y scipy && conda clean -afy
        """),
    stay("a cache mount", "mamba", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM condaforge/mambaforge
        RUN --mount=type=cache,target=/opt/conda/pkgs mamba env create -f environment.yml
        """),
    stay("what is answered, and what fetches nothing", "mamba", ANSWERS, r"""
        FROM condaforge/mambaforge
        RUN mamba install -y numpy && mamba env create -f environment.yml && mamba list
        """),
    stay("a stage that is packed and not shipped", "mamba", CACHES, r"""
        FROM condaforge/mambaforge AS build
        RUN mamba create -y -p /env python && conda-pack -p /env -o /env.tar

        FROM debian:bookworm-slim
        COPY --from=build /env.tar /
        """),
]  # fmt: skip

MICROMAMBA = [
    change("an environment from a file", "micromamba", CACHES, r"""
         FROM mambaorg/micromamba:1.5.8
         COPY --chown=$MAMBA_USER:$MAMBA_USER env.yaml /tmp/env.yaml
        -RUN micromamba install -y -n base -f /tmp/env.yaml
        +RUN micromamba install -y -n base -f /tmp/env.yaml \
        +    && micromamba clean -afy
        """),
    change("pins by variables", "micromamba", CACHES, r"""
         FROM mambaorg/micromamba:1.5.8
         ARG SAMTOOLS_VER=1.20
         RUN micromamba create -n tools -y -c conda-forge -c bioconda \
             samtools=${SAMTOOLS_VER} && \
        -    mkdir /data
        +    mkdir /data && \
        +    micromamba clean -afy
        """),
    stay("the end of the input is a yes", "micromamba", ANSWERS, r"""
        FROM mambaorg/micromamba:1.5.8
        RUN micromamba install --name base -c bioconda bakta && micromamba clean -a -y
        """),
    stay("the known ways to clean", "micromamba", CACHES, r"""
        FROM mambaorg/micromamba:1.5.8
        RUN micromamba install -y -n base -f /tmp/env.yaml && micromamba clean --all --yes
        RUN micromamba install -y -n base samtools && micromamba clean -a -f -y
        """),
    stay("a mount on its packages", "micromamba", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM mambaorg/micromamba:1.5.8
        RUN --mount=type=cache,target=/opt/conda/pkgs micromamba install -y -n base -f /tmp/env.yaml
        """),
    stay("a loop of environments", "micromamba", CACHES, r"""
        FROM mambaorg/micromamba:1.5.8
        RUN for f in /envs/*.yaml; do micromamba create -y -f "$f"; done
        """, "a loop"),
    stay("what only runs", "micromamba", CACHES, r"""
        FROM mambaorg/micromamba:1.5.8
        RUN micromamba run -n base python --version && micromamba list
        """),
]  # fmt: skip

PYTHON = [*PIP, *UV, *POETRY, *PIPENV, *CONDA, *MAMBA, *MICROMAMBA]
