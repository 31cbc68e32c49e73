r"""Cases of the package managers of JavaScript, Ruby and PHP: data for test_package_cases.py."""

from __future__ import annotations

from package_cases import CACHES, change, stay

NPM = [
    change("the cache goes where it was filled", "npm", CACHES, r"""
         FROM node:20-alpine
         WORKDIR /app
         COPY package*.json ./
        -RUN npm ci --omit=dev
        +RUN npm ci --omit=dev \
        +    && npm cache clean --force
         COPY . .
         CMD ["node", "server.js"]
        """),
    change("once for all calls of a RUN", "npm", CACHES, r"""
         FROM node:18
         COPY . .
         RUN npm install -g npm@10 && \
             npm install && \
        -    npm run build
        +    npm run build && \
        +    npm cache clean --force
        """),
    change("with sudo it was root's cache", "npm", CACHES, r"""
         FROM cimg/node:20.11
         USER circleci
        -RUN sudo npm install -g serve
        +RUN sudo npm install -g serve \
        +    && sudo npm cache clean --force
        """),
    change("under errexit", "npm", CACHES, r"""
         FROM node:20
         RUN set -eux; \
             npm ci; \
        -    npm prune --omit=dev
        +    npm prune --omit=dev; \
        +    npm cache clean --force
        """),
    change("a user has a cache of their own", "npm", CACHES, r"""
         FROM node:20
         USER node
        -RUN npm ci || npm install
        +RUN npm ci || npm install \
        +    && npm cache clean --force
        """),
    change("a verified cache is still there", "npm", CACHES, r"""
         FROM node:20
        -RUN npm i -g pm2 && npm cache verify
        +RUN npm i -g pm2 && npm cache verify \
        +    && npm cache clean --force
        """),
    stay("the cache is emptied", "npm", CACHES, r"""
        FROM node:20
        RUN npm ci && npm cache clean --force
        RUN npm i -g serve && rm -rf ~/.npm
        RUN npm i -g pm2 && rm -rf /root/.npm /root/.cache /tmp/*
        """),
    stay("a cache mount, at its usual place and where a variable puts it", "npm", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM node:20
        RUN --mount=type=cache,target=/root/.npm npm ci
        ENV NPM_CONFIG_CACHE=/opt/npm-cache
        RUN --mount=type=cache,target=/opt/npm-cache npm install -g serve
        """),
    stay("a stage that only builds", "npm", CACHES, r"""
        FROM node:20 AS build
        RUN npm ci && npm run build

        FROM nginx:1.27-alpine
        COPY --from=build /app/dist /usr/share/nginx/html
        """),
    stay("the branch of one mode", "npm", CACHES, r"""
        FROM node:20
        ARG NODE_ENV=production
        RUN if [ "$NODE_ENV" = development ]; then npm install; else npm ci --omit=dev; fi
        """, "it stands in a branch"),
    stay("what fetches nothing, or is no command", "npm", CACHES, r"""
        FROM node:20
        RUN npm run build && npm --version && npm prune --omit=dev && echo "npm install" && sh -c "npm ci"
        """),
    stay("a last loop may fail without ending the script", "npm", CACHES, r"""
        FROM node:20
        RUN set -e; npm ci; for f in a b; do node "$f.js"; done
        """, "its last statement may fail without ending the script"),
]  # fmt: skip

YARN = [
    change("nothing but manifests, on node's own image: it is yarn 1", "yarn", CACHES, r"""
         FROM node:20-slim
         WORKDIR /app
         COPY package.json yarn.lock ./
        -RUN yarn install --frozen-lockfile
        +RUN yarn install --frozen-lockfile \
        +    && yarn cache clean
         COPY . .
        """),
    change("options that only yarn 1 has", "yarn", CACHES, r"""
         FROM example/node
         COPY . .
        -RUN yarn install --pure-lockfile --network-timeout 600000 && yarn build
        +RUN yarn install --pure-lockfile --network-timeout 600000 && yarn build \
        +    && yarn cache clean
        """),
    change("a global add is of yarn 1", "yarn", CACHES, r"""
         FROM node:18
        -RUN yarn global add serve
        +RUN yarn global add serve \
        +    && yarn cache clean
        """),
    change("the bare yarn installs", "yarn", CACHES, r"""
         FROM node:18
         COPY package.json .
         RUN set -ex; \
        -    yarn --production
        +    yarn --production; \
        +    yarn cache clean
        """),
    stay("a version of yarn that comes with the sources", "yarn", CACHES, r"""
        FROM node:20
        COPY package.json yarn.lock .yarnrc.yml ./
        COPY .yarn ./.yarn
        RUN yarn install --immutable
        """, "it is not known to be yarn 1"),
    stay("corepack brings a later version", "yarn", CACHES, r"""
        FROM node:20
        RUN corepack enable
        COPY package.json yarn.lock ./
        RUN yarn install
        """, "it is not known to be yarn 1"),
    stay("another base may have any version", "yarn", CACHES, r"""
        FROM example/node
        COPY package.json yarn.lock ./
        RUN yarn install
        """, "it is not known to be yarn 1"),
    stay("the cache is emptied", "yarn", CACHES, r"""
        FROM node:18
        RUN yarn global add serve && yarn cache clean --all
        RUN yarn global add pm2 && rm -rf /usr/local/share/.cache
        """),
    stay("a cache mount, at its usual place and where a variable puts it", "yarn", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM node:18
        RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn global add serve
        ENV YARN_CACHE_FOLDER=/opt/yarn-cache
        RUN --mount=type=cache,target=/opt/yarn-cache yarn global add pm2
        """),
    stay("what fetches nothing", "yarn", CACHES, r"""
        FROM node:18
        RUN yarn build && yarn run test && yarn config set strict-ssl true
        """),
]  # fmt: skip

PNPM = [
    change("what no project links to goes", "pnpm", CACHES, r"""
         FROM node:20-slim
         RUN corepack enable
         COPY . /app
         WORKDIR /app
        -RUN pnpm install --frozen-lockfile --prod
        +RUN pnpm install --frozen-lockfile --prod \
        +    && pnpm store prune
        """),
    change("behind corepack, which brings pnpm", "pnpm", CACHES, r"""
         FROM node:20
         RUN corepack enable && corepack prepare pnpm@9 --activate && \
        -    pnpm add -g turbo
        +    pnpm add -g turbo && \
        +    pnpm store prune
        """),
    change("under errexit, with a fetch", "pnpm", CACHES, r"""
         FROM node:20
         RUN set -ex; \
             pnpm fetch --prod --ignore-scripts; \
        -    pnpm install --offline --prod
        +    pnpm install --offline --prod; \
        +    pnpm store prune
        """),
    stay("the store is pruned or deleted", "pnpm", CACHES, r"""
        FROM node:20
        RUN pnpm i --prod && pnpm store prune
        RUN pnpm add -g tsx && rm -rf /root/.local/share/pnpm/store
        """),
    stay("a cache mount, as pnpm's manual has it", "pnpm", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM node:20-slim
        ENV PNPM_HOME="/pnpm"
        RUN --mount=type=cache,id=pnpm,target=/pnpm/store pnpm install --prod --frozen-lockfile
        """),
    stay("a stage that deploys is not shipped", "pnpm", CACHES, r"""
        FROM node:20 AS build
        RUN pnpm install --frozen-lockfile && pnpm --filter=api --prod deploy /prod/api

        FROM node:20-slim
        COPY --from=build /prod/api /app
        """),
    stay("a branch may not run", "pnpm", CACHES, r"""
        FROM node:20
        COPY . .
        RUN if [ -f pnpm-lock.yaml ]; then pnpm i --frozen-lockfile; fi
        """, "it stands in a branch"),
    stay("what fetches nothing", "pnpm", CACHES, r"""
        FROM node:20
        RUN pnpm run build && pnpm --filter web test && pnpm --version
        """),
]  # fmt: skip

GEM = [
    change("the archives go", "gem", CACHES, r"""
         FROM ruby:3.3
        -RUN gem install bundler -v 2.5.9
        +RUN gem install bundler -v 2.5.9 \
        +    && rm -rf "$(gem env gemdir)"/cache/*
        """),
    change("several gems, without documentation", "gem", CACHES, r"""
         FROM ruby:3.3-alpine
         RUN gem update --system --no-document && \
        -    gem install --no-document fpm rake
        +    gem install --no-document fpm rake && \
        +    rm -rf "$(gem env gemdir)"/cache/*
        """),
    change("with sudo", "gem", CACHES, r"""
         FROM ubuntu:24.04
         USER builder
        -RUN sudo gem install fastlane
        +RUN sudo gem install fastlane \
        +    && sudo rm -rf "$(gem env gemdir)"/cache/*
        """),
    stay("the archives are deleted", "gem", CACHES, r"""
        FROM ruby:3.3
        RUN gem install rake && rm -rf /usr/local/bundle/cache/*.gem
        RUN gem install fpm && rm -rf "$(gem env gemdir)"/cache/*
        """),
    stay("a user may not delete what is root's", "gem", CACHES, r"""
        FROM ruby:3.3
        USER app
        RUN gem install rake
        """, "it does not run as root"),
    stay("a cache mount", "gem", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM ruby:3.3
        RUN --mount=type=cache,target=/usr/local/bundle/cache gem install rake
        """),
    stay("an install only if it is missing", "gem", CACHES, r"""
        FROM ruby:3.3
        RUN gem list -i bundler || gem install bundler
        """, "its `gem install` may not run"),
    stay("what is only built or listed, and a login shell in quotes", "gem", CACHES, r"""
        FROM ruby:3.3
        RUN gem list && gem env && bash --login -c "gem install bundler"
        """),
]  # fmt: skip

BUNDLE = [
    change("gems from a lock file", "bundle", CACHES, r"""
         FROM ruby:3.3-slim
         COPY Gemfile Gemfile.lock ./
        -RUN bundle install --jobs 4 --retry 3
        +RUN bundle install --jobs 4 --retry 3 \
        +    && rm -rf "$(gem env gemdir)"/cache/*
        """),
    change("settings that leave the place alone", "bundle", CACHES, r"""
         FROM ruby:3.3
         RUN bundle config set --local without 'development test' && \
             bundle config set frozen true && \
        -    bundle install
        +    bundle install && \
        +    rm -rf "$(gem env gemdir)"/cache/*
        """),
    change("the bare bundle installs", "bundle", CACHES, r"""
         FROM ruby:3.2
        -RUN bundle
        +RUN bundle \
        +    && rm -rf "$(gem env gemdir)"/cache/*
        """),
    stay("it is told to install elsewhere", "bundle", CACHES, r"""
        FROM ruby:3.3
        RUN bundle config set --local path vendor/bundle && bundle install
        """, "bundler is told to install elsewhere"),
    stay("an option of old tells it", "bundle", CACHES, r"""
        FROM ruby:2.5
        RUN bundle install --deployment --without development
        """, "bundler is told to install elsewhere"),
    stay("the archives are deleted", "bundle", CACHES, r"""
        FROM ruby:3.3
        RUN bundle install && rm -rf /usr/local/bundle/cache/*.gem && find /usr/local/bundle/gems -name '*.o' -delete
        """),
    stay("a cache mount", "bundle", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM ruby:3.3
        RUN --mount=type=cache,target=/usr/local/bundle/cache bundle install
        """),
    stay("a user may not delete what is root's", "bundle", CACHES, r"""
        FROM ruby:3.3
        USER app
        RUN bundle install
        """, "it does not run as root"),
    stay("what only runs, and a stage that is not shipped", "bundle", CACHES, r"""
        FROM ruby:3.3 AS build
        RUN bundle install

        FROM ruby:3.3-slim
        COPY --from=build /usr/local/bundle /usr/local/bundle
        RUN bundle exec rake assets:precompile
        """),
]  # fmt: skip

COMPOSER = [
    change("what it fetched goes", "composer", CACHES, r"""
         FROM php:8.3-fpm
         COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
         COPY composer.json composer.lock ./
        -RUN composer install --no-dev --prefer-dist --no-scripts
        +RUN composer install --no-dev --prefer-dist --no-scripts \
        +    && composer clear-cache
        """),
    change("behind what follows the install", "composer", CACHES, r"""
         FROM php:8.3
         RUN composer install --no-dev --no-autoloader && \
        -    composer dump-autoload --optimize
        +    composer dump-autoload --optimize && \
        +    composer clear-cache
        """),
    change("a tool of its own", "composer", CACHES, r"""
         FROM php:8.2-cli
         RUN set -eux; \
        -    composer global require laravel/installer
        +    composer global require laravel/installer; \
        +    composer clear-cache
        """),
    change("a project of its own", "composer", CACHES, r"""
         FROM php:8.2-cli
        -RUN composer create-project --no-dev drupal/recommended-project /opt/drupal
        +RUN composer create-project --no-dev drupal/recommended-project /opt/drupal \
        +    && composer clear-cache
        """),
    stay("the cache is emptied, by each of its names", "composer", CACHES, r"""
        FROM php:8.3
        RUN composer install && composer clear-cache
        RUN composer require monolog/monolog && composer clearcache
        RUN composer global require psy/psysh && rm -rf /root/.composer/cache
        """),
    stay("a cache mount, at its usual place and where a variable puts it", "composer", CACHES, r"""
        # syntax=docker/dockerfile:1
        FROM php:8.3
        RUN --mount=type=cache,target=/root/.composer/cache composer install
        ENV COMPOSER_CACHE_DIR=/opt/composer-cache
        RUN --mount=type=cache,target=/opt/composer-cache composer global require psy/psysh
        """),
    stay("vendor is copied out of the stage", "composer", CACHES, r"""
        FROM composer:2 AS vendor
        RUN composer install --no-dev

        FROM php:8.3-apache
        COPY --from=vendor /app/vendor /var/www/vendor
        """),
    stay("a branch may not run", "composer", CACHES, r"""
        FROM php:8.3
        ARG APP_ENV=prod
        RUN if [ "$APP_ENV" = prod ]; then composer install --no-dev; else composer install; fi
        """, "it stands in a branch"),
    stay("what fetches nothing", "composer", CACHES, r"""
        FROM php:8.3
        RUN composer dump-autoload -o && composer --version && composer run-script post-install-cmd
        """),
]  # fmt: skip

JAVASCRIPT = [*NPM, *YARN, *PNPM, *GEM, *BUNDLE, *COMPOSER]
