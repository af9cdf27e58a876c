# One image for every process of Herald: the command says which. The default is the API.

FROM node:24-slim AS build
WORKDIR /herald
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && rm -r dist/libs/testing

FROM node:24-slim AS dependencies
WORKDIR /herald
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:24-slim AS herald
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /herald
COPY --from=dependencies /herald/node_modules ./node_modules
COPY package.json prisma.config.ts ./
COPY prisma ./prisma
COPY scripts/prisma-schema-engine.mjs ./scripts/
COPY scripts/schema-engine ./scripts/schema-engine
COPY --from=build /herald/dist ./dist
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "--max-semi-space-size=16", "--max-old-space-size=2048", "dist/apps/api/src/main.js"]
