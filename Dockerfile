# One ledger. Its data are a volume at /data; settings are LEDGER_* variables, as the README lists them.
#
#   docker build -t incident-ledger .
#   docker run -p 127.0.0.1:4000:4000 -v ledger:/data incident-ledger
#   docker run --rm -v ledger:/data incident-ledger verify      # any other command
#
# There is no TLS in it: whatever publishes the port beyond this machine puts a proxy with TLS before.

ARG NODE=node:24-bookworm-slim

FROM ${NODE} AS build
WORKDIR /app
# Before the sources, so that a change of those installs nothing anew. No package needs a script: the
# SQLite driver brings its binary, and would without this be built once more, with a compiler.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY schema schema
COPY src src
# The second driver is for Node 20 alone; see src/sqlite.ts.
RUN npm run build \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/better-sqlite3-node20 node_modules/better-sqlite3/deps \
  && node -e "new (require('better-sqlite3'))(':memory:')"

FROM ${NODE}
# Within a container every address is as good: `docker run -p` decides who may ask.
ENV NODE_ENV=production \
  LEDGER_DATA=/data \
  LEDGER_HOST=0.0.0.0 \
  LEDGER_PUBLIC=1
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY schema schema
COPY examples/incidents examples/incidents
COPY LICENSE ./
# The image's own unprivileged user; a volume takes over whose the folder is.
RUN mkdir --mode=0700 /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
# It drains and closes for up to 10 seconds: give it more (`docker stop -t 20`).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.LEDGER_PORT ?? 4000) + '/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The flags: the README, “Start and watch”.
ENTRYPOINT ["node", "--max-semi-space-size=32", "--min-semi-space-size=32", "/app/dist/cli.js"]
CMD ["serve"]
