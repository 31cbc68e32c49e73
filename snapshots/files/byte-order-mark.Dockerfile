FROM node:20-bookworm-slim
WORKDIR /srv
RUN apt-get update
RUN apt-get install -y --no-install-recommends git python3 make g++
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
CMD ["node", "server.js"]
