# Meridian's images, "cms" and "site": docker compose build. Both are made of one build and share all of its layers.
# Every step is an npm script; scripts/deployment/installation.long.test.ts takes the same steps without a container engine.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY cms/package.json cms/
COPY shared-types/package.json shared-types/
COPY site/package.json site/
COPY scripts/launch.mjs scripts/
RUN npm run setup
COPY . .
RUN npm run compile
RUN npm run prune

# The code belongs to root, and the user who runs it cannot write it.
FROM node:24.21.0-bookworm-slim AS meridian
WORKDIR /app
ENV NODE_ENV=production
ENV NODE_OPTIONS="--disable-warning=ExperimentalWarning --disable-warning=MODULE_TYPELESS_PACKAGE_JSON"
ENV npm_config_cache=/tmp/npm
ENV npm_config_update_notifier=false
ENV DATA_DIR=/data
ENV BACKUP_DIR=/backups
COPY --from=build /app /app
RUN install -d -o node -g node -m 0700 /data /backups /app/site/.astro
USER node

# Patients' pages are built while the container runs, for they come from the CMS: site/.astro holds what is being built.
FROM meridian AS site
EXPOSE 4321
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["node", "scripts/health.ts", "site"]
CMD ["node", "scripts/start-site.ts"]

FROM meridian AS cms
EXPOSE 1337
HEALTHCHECK --interval=30s --timeout=10s --start-period=180s --retries=3 CMD ["node", "scripts/health.ts", "cms"]
CMD ["node", "scripts/start-cms.ts"]
