# The image of `ecs-dns watch`; docs/container.md says how to run it.

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Without scripts: `prepare` would build, and nothing is there yet to be built.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npx tsc -p tsconfig.build.json

FROM node:24-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

# `--target sandbox`: another image, of the sandbox with the example services, for examples/compose.yaml.
FROM build AS examples
COPY scripts/bundle-examples.mjs scripts/
COPY examples examples
RUN node scripts/bundle-examples.mjs

FROM node:24-slim AS sandbox
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /build/node_modules node_modules
COPY --from=examples /build/dist dist
COPY package.json LICENSE ./
USER node
ENTRYPOINT ["node", "/app/dist/cli.js", "sandbox"]
CMD ["--examples"]

# The sandbox is for trying things out, and has no place beside real credentials.
FROM build AS worker
RUN mkdir -p state/journal && rm -r dist/sandbox dist/cli/sandbox-command.*

FROM node:24-slim
ENV NODE_ENV=production ECS_DNS_JOURNAL=/var/lib/ecs-dns/journal
WORKDIR /app
COPY --from=dependencies /build/node_modules node_modules
COPY --from=worker /build/dist dist
COPY package.json LICENSE ./
# All that the worker writes is its journal: a volume, so that the root file system may be read-only.
COPY --from=worker --chown=node:node /build/state/ /var/lib/ecs-dns/
VOLUME /var/lib/ecs-dns/journal
USER node
EXPOSE 7979
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:7979/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli.js"]
# All addresses: from outside of the container, its loopback cannot be reached.
CMD ["watch", "--listen", "0.0.0.0:7979"]
