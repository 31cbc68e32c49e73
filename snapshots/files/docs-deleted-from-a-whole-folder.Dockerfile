# The shop's server.
ARG NODE=22

FROM node:${NODE} AS assets
WORKDIR /assets
COPY assets .
RUN npm ci && npm run build

FROM node:${NODE}
WORKDIR /srv/shop
# All of it, but the tests.
COPY --chown=node:node . /srv/shop
RUN cd /srv/shop && rm -rf tests docs *.md
COPY --from=0 /assets/dist public
USER node
EXPOSE 8080
CMD ["node", "server.js"]
