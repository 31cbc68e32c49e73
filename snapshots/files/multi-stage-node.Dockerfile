FROM node:20-alpine AS deps
WORKDIR /app
COPY package*.json ./
RUN npm ci
RUN npm cache clean --force

FROM deps AS build
COPY . .
RUN npm run lint
RUN npm run build

# A base of the two images that are shipped.
FROM node:20-alpine AS runtime
RUN apk add --no-cache tini
RUN addgroup -S app
RUN adduser -S -G app app
WORKDIR /app

FROM runtime AS worker
COPY --from=build /app/dist/worker dist
RUN ln -s dist/worker.js main.js
RUN chown -R app:app .
USER app

FROM runtime
COPY --from=build /app/dist/web dist
COPY --from=deps /app/node_modules node_modules
USER app
RUN node --check dist/server.js
RUN node dist/server.js --self-test
ENTRYPOINT ["tini", "--", "node"]
CMD ["dist/server.js"]
