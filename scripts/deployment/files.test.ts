import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fileSettings } from '../secret-files.ts';
import { root } from '../settings.ts';
import { addCompose, interpolate, parseCompose, type Service, settingsIn } from './compose.ts';
import { contextOf, environmentOf, instructionsOf, parseDockerfile, words } from './dockerfile.ts';

// What containers and service managers are told must fit the project: every path, port, setting and script in their files
// exists. Nothing here runs them.

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const composeText = read('docker-compose.yml');
const compose = parseCompose(composeText);
const services = Object.entries(compose.services);
const stages = parseDockerfile(read('Dockerfile'));
const { scripts, dependencies } = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
};
/** Settings that Meridian knows: those of .env.example, and secrets as files. */
const known = new Set([
  ...Array.from(
    read('.env.example').matchAll(/^(?:# )?((?:[A-Z][A-Z0-9_]+= ?)+|[A-Z][A-Z0-9_]+=.*)$/gm),
    ([, line = '']) => line.split(/=\S* ?/).filter(Boolean),
  ).flat(),
  ...fileSettings.map((name) => `${name}_FILE`),
]);
/** What Node, npm, the database's image and the proxy's understand beside. */
const others =
  /^(NODE_ENV|NODE_OPTIONS|TZ|npm_config_\w+|POSTGRES_\w+|(SITE|ADMIN)_HOST_NAME|ADMIN_NETWORKS|(SITE|CMS)_SERVER)$/;

function expectKnown(names: Iterable<string>): void {
  expect([...names].filter((name) => !known.has(name) && !others.test(name))).toEqual([]);
}

/** A command that runs a script of this project with Node. */
function expectScript(command: readonly string[]): void {
  const [node = '', script = ''] = command;
  expect(node.split('/').at(-1)).toBe('node');
  expect(existsSync(join(root, script)), script).toBe(true);
  // The same file is an npm script, which people and docs use.
  expect(Object.values(scripts)).toContain(`node scripts/launch.mjs ${script}`);
}

/** What dclint finds in a compose file, as it prints it. */
function lint(file: string): string {
  const rules = [
    'no-unbound-port-interfaces', // Patients come from everywhere.
    'service-keys-order',
    'services-alphabetical-order',
    'top-level-properties-order',
  ];
  const linter = join(root, 'node_modules/dclint/bin/dclint.cjs');
  const args = [linter, file, '--max-warnings', '0', '--disable-rule', ...rules];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return `${stdout}${stderr}${status === 0 ? '' : `ended with ${String(status)}`}`.trim();
}

describe('the compose file', () => {
  test('keeps to the Compose Specification', () => {
    expect(lint('docker-compose.yml')).toBe('');
  });

  test('lets the proxy alone be reached from outside', () => {
    const published = services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name);
    expect(published).toEqual(['proxy']);
    for (const name of ['database', 'inside']) expect(compose.networks[name]?.internal, name).toBe(true);
    // Database, site and backups have no way out either.
    const outside = services.filter(([, { networks }]) => networks.includes('outside')).map(([name]) => name);
    expect(outside).toEqual(['cms', 'proxy']);
    expect(compose.services['db']?.networks).toEqual(['database']);
    expect(compose.services['site']?.networks).toEqual(['inside']);
  });

  test.each(services)(
    'runs %s as somebody who is not root, with a health check',
    (_, { user, healthcheck }) => {
      expect(user).toMatch(/^(node|[1-9]\d*:[1-9]\d*)$/);
      expect(healthcheck.test[0]).toBe('CMD');
    },
  );

  test.each(services)('names networks, volumes and secrets of %s that exist', (_, service) => {
    expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining(service.networks));
    const volumes = service.volumes.map((line) => interpolate(line, {}).split(':')[0]);
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(volumes));
    expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(service.secrets ?? []));
    const files = Object.values(service.environment).flatMap(
      (value) => value.match(/\/run\/secrets\/\w+/g) ?? [],
    );
    expect(service.secrets ?? []).toEqual(
      expect.arrayContaining(files.map((file) => file.slice('/run/secrets/'.length))),
    );
  });

  test('has every service reach the others by their names and ports', () => {
    const environments = Object.values(compose.services).map(({ environment }) => environment);
    const named = environments.flatMap((environment) =>
      Object.entries(environment).flatMap(([name, value]) =>
        /_(URL|SERVERS?)$/.test(name) && !value.includes('://$') ? [value] : [],
      ),
    );
    const ports: Readonly<Record<string, string | undefined>> = {
      cms: compose.services['cms']?.environment['CMS_PORT'],
      site: compose.services['site']?.environment['SITE_PORT'],
      db: '5432',
    };
    expect(named.length).toBeGreaterThan(5);
    for (const address of named) {
      const [, host = '', port] = /^(?:\w+:\/\/)?(?:\w+@)?(\w+):(\d+)/.exec(address) ?? [];
      expect(ports[host], address).toBe(port);
    }
    const exposed = (target: string) =>
      instructionsOf(stages, target).find(({ name }) => name === 'EXPOSE')?.text;
    expect(exposed('cms')).toBe(ports['cms']);
    expect(exposed('site')).toBe(ports['site']);
  });

  test('sets no setting that Meridian does not know, and asks for none that is explained nowhere', () => {
    for (const [, { environment }] of services) expectKnown(Object.keys(environment));
    const guide = read('docs/install.md');
    const asked = [...settingsIn(composeText)];
    expect(asked.filter((name) => !known.has(name) && !guide.includes(name))).toEqual([]);
  });

  test('holds no secret', () => {
    const values = services.flatMap(([, { environment }]) => Object.entries(environment));
    const secret = /PASSWORD|PASSPHRASE|SECRET|TOKEN|KEY|SALT/;
    const given = values.filter(
      ([name, value]) => secret.test(name) && !name.endsWith('_FILE') && value !== '',
    );
    expect(given).toEqual([]);
    const paths = values.filter(([name]) => secret.test(name)).map(([, value]) => value);
    for (const path of paths) expect(path).toMatch(/^(\/run\/secrets\/\w+|\$\{SMTP_PASSWORD_FILE:-\})$/);
    expect(values.filter(([, value]) => /:\/\/[^/]*:[^/]*@/.test(value))).toEqual([]);
    expect(Object.values(compose.secrets).map(({ file }) => file.split('/')[0])).toEqual(
      Array(3).fill('secrets'),
    );
    expect(read('.gitignore').split('\n')).toEqual(expect.arrayContaining(['.env', 'secrets/']));
  });

  test('runs scripts of this project', () => {
    const isOurs = ([, { build }]: [string, Service]) => build?.context === '.';
    for (const [, { build, command, healthcheck }] of services.filter(isOurs)) {
      const inherited = instructionsOf(stages, build?.target ?? '').findLast(({ name }) => name === 'CMD');
      expect(inherited, build?.target).toBeDefined();
      expectScript(command ?? words(inherited?.text ?? '[]'));
      expectScript(healthcheck.test.slice(1));
    }
  });

  test('gives CMS, site and backups one folder, and keeps it and what is written beside it', () => {
    const folders = (name: string) => compose.services[name]?.volumes.map((line) => interpolate(line, {}));
    expect(folders('cms')).toEqual(['data:/data', 'backups:/backups']);
    expect(folders('backup')).toEqual(['data:/data', 'backups:/backups']);
    expect(folders('site')).toEqual(['data:/data', 'site-build:/app/site/.astro']);
    const image = environmentOf(instructionsOf(stages, 'cms'));
    expect([image['DATA_DIR'], image['BACKUP_DIR']]).toEqual(['/data', '/backups']);
  });
});

describe('the compose file for a bucket', () => {
  const text = read('deploy/bucket/docker-compose.yml');
  const added = addCompose(compose, text);

  test('keeps to the Compose Specification', () => {
    expect(lint('deploy/bucket/docker-compose.yml')).toBe('');
  });

  test.each(['cms', 'backup'])('tells %s of the bucket, with the key as a file', (name) => {
    const { environment = {}, secrets = [], networks = [] } = added.services[name] ?? {};
    expectKnown(Object.keys(environment));
    const settings = Object.keys(environment).filter((setting) => setting.startsWith('S3_'));
    expect(settings.map((setting) => setting.replace(/_FILE$/, ''))).toEqual(
      [...known].filter((setting) => setting.startsWith('S3_') && !setting.endsWith('_FILE')),
    );
    expect(environment['S3_SECRET_ACCESS_KEY_FILE']).toBe('/run/secrets/s3_secret_access_key');
    expect(secrets).toContain('s3_secret_access_key');
    expect(networks).toContain('outside');
  });

  test('changes nothing else, and is explained', () => {
    const others = (services: typeof compose.services) =>
      Object.entries(services).filter(([name]) => name !== 'cms' && name !== 'backup');
    expect(others(added.services)).toEqual(others(compose.services));
    expect(added.secrets['s3_secret_access_key']?.file).toBe('secrets/s3_secret_access_key');
    const guide = read('docs/install.md');
    expect([...settingsIn(text)].filter((name) => !known.has(name))).toEqual([]);
    expect(guide).toContain('COMPOSE_FILE=docker-compose.yml:deploy/bucket/docker-compose.yml');
    expect(guide).toContain('secrets/s3_secret_access_key');
  });
});

describe('the compose file for Prometheus', () => {
  const file = 'deploy/prometheus/docker-compose.yml';
  const text = read(file);
  const added = addCompose(compose, text);
  const prometheus = added.services['prometheus'];

  test('keeps to the Compose Specification, and sets what Meridian knows', () => {
    expect(lint(file)).toBe('');
    for (const name of ['cms', 'site']) expectKnown(Object.keys(added.services[name]?.environment ?? {}));
  });

  test('is reached from the server alone, and runs as somebody who is not root', () => {
    expect(prometheus?.ports).toEqual(['127.0.0.1:9090:9090']);
    expect(prometheus?.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(prometheus?.healthcheck.test[0]).toBe('CMD');
  });

  test('finds metrics where CMS and site serve them, under the names that the alarms know', () => {
    const { scrape_configs: jobs, rule_files: ruleFiles } = parse(
      read('deploy/prometheus/prometheus.yml'),
    ) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
      rule_files: string[];
    };
    for (const { job_name: job, static_configs: configs } of jobs) {
      const [host = '', port] = (configs[0]?.targets[0] ?? '').split(':');
      const { environment = {}, networks } = added.services[host] ?? {};
      expect(port).toBe(environment[`${host.toUpperCase()}_METRICS_PORT`]);
      expect(environment['METRICS_HOST']).toBe('0.0.0.0');
      expect(networks).toContain('inside');
      expect(read('deploy/prometheus/alerts.yml')).toContain(`up{job="${job}"}`);
    }
    expect(jobs.map(({ job_name: job }) => job).sort()).toEqual(['meridian-cms', 'meridian-site']);
    expect(prometheus?.networks).toContain('inside');
    const mounts = (prometheus?.volumes ?? []).filter((line) => line.startsWith('./'));
    expect(mounts.map((line) => line.split(':')[1])).toEqual(
      ['prometheus.yml', ...ruleFiles].map((name) => `/etc/prometheus/${name}`),
    );
    for (const line of mounts) expect(existsSync(join(root, line.split(':')[0] ?? '')), line).toBe(true);
  });

  test('keeps its metrics out of the way of patients, and is explained', () => {
    expect(read('deploy/caddy/Caddyfile')).not.toMatch(/910[12]/);
    expect(read('docs/install.md')).toContain(`COMPOSE_FILE=docker-compose.yml:${file}`);
  });
});

describe('the Dockerfile', () => {
  const files = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean);
  const context = contextOf(files, read('.dockerignore'));

  test('stands on the pinned Node', () => {
    const images = stages.map(({ from }) => from).filter((from) => !stages.some(({ name }) => name === from));
    for (const image of images) expect(image).toMatch(new RegExp(`^node:${dependencies['node'] ?? ''}-`));
  });

  test('takes every step of the build as an npm script', () => {
    const [build] = stages;
    const steps = (build?.instructions ?? []).filter(({ name }) => name === 'RUN').map(({ text }) => text);
    expect(steps).not.toEqual([]);
    for (const step of steps) {
      const [, name = ''] = /^npm run ([\w:]+)$/.exec(step) ?? [];
      expect(Object.keys(scripts), step).toContain(name);
    }
  });

  test('copies what is there, and neither data, secrets nor tests', () => {
    const sources = (stages[0]?.instructions ?? [])
      .filter(({ name }) => name === 'COPY')
      .flatMap(({ text }) => text.split(' ').slice(0, -1))
      .filter((source) => source !== '.');
    for (const source of sources) expect(context, source).toContain(source);
    expect(
      contextOf(
        ['.env', '.env.local', 'secrets/x', '.data/secrets.json', 'cms/dist/x.js'],
        read('.dockerignore'),
      ),
    ).toEqual([]);
    expect(context.filter((file) => file.endsWith('.test.ts'))).toEqual([]);
    expect(context).toEqual(
      expect.arrayContaining(['scripts/start-cms.ts', 'site/server/main.ts', 'cms/content/clinic.yaml']),
    );
  });

  test.each(['cms', 'site'])('lets %s run as somebody who is not root', (target) => {
    const users = instructionsOf(stages, target).filter(({ name }) => name === 'USER');
    expect(users.at(-1)?.text).toBe('node');
    expectKnown(Object.keys(environmentOf(instructionsOf(stages, target))));
    const check = instructionsOf(stages, target).find(({ name }) => name === 'HEALTHCHECK')?.text ?? '';
    expectScript(words(check.slice(check.indexOf('['))));
  });

  test('bakes no secret in', () => {
    const set = stages.flatMap(({ instructions }) =>
      instructions.filter(({ name }) => /^(ENV|ARG)$/.test(name)),
    );
    expect(set.filter(({ text }) => /PASSWORD|PASSPHRASE|SECRET|TOKEN|KEY|SALT/.test(text))).toEqual([]);
  });
});

describe('the proxy', () => {
  const caddyfile = read('deploy/caddy/Caddyfile');

  test('gets every setting that its file asks for', () => {
    const asked = new Set(Array.from(caddyfile.matchAll(/\{\$(\w+)/g), ([, name]) => name));
    expect(Object.keys(compose.services['proxy']?.environment ?? {}).toSorted()).toEqual(
      [...asked].toSorted(),
    );
    const [image] = parseDockerfile(read('deploy/caddy/Dockerfile'));
    expect(image?.from).toMatch(/^caddy:2\.\d+-alpine$/);
    expect(image?.instructions.at(-1)).toEqual({ name: 'USER', text: compose.services['proxy']?.user });
  });

  test('asks for the networks of the clinic before it lets anybody see the admin', () => {
    expect(caddyfile).toMatch(
      /\{\$ADMIN_HOST_NAME\} \{\s+@elsewhere not remote_ip \{\$ADMIN_NETWORKS\}\s+respond @elsewhere .* 403/,
    );
    expect(composeText).toContain('${ADMIN_NETWORKS:?');
  });

  test('has a health check that fits its file', () => {
    const [, ...command] = compose.services['proxy']?.healthcheck.test ?? [];
    const [address = ''] = command.slice(-1);
    expect(caddyfile).toContain(`${address.replace(/\/$/, '')} {`);
  });
});

describe('the units of systemd', () => {
  const folder = join(root, 'deploy/systemd');
  const units = readdirSync(folder).filter((name) => name.endsWith('.service'));
  const valuesOf = (text: string, key: string) =>
    Array.from(text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm')), ([, value = '']) => value);

  test('are there for CMS, site and backups', () => {
    expect(readdirSync(folder).toSorted()).toEqual([
      'meridian-backup.service',
      'meridian-backup.timer',
      'meridian-cms.service',
      'meridian-site.service',
      'meridian.env',
    ]);
  });

  test.each(units)('%s runs a script of this project as a user without rights', (unit) => {
    const text = read(`deploy/systemd/${unit}`);
    const [command = ''] = valuesOf(text, 'ExecStart');
    const [place] = valuesOf(text, 'WorkingDirectory');
    expect(command).toMatch(new RegExp(`^${place ?? ''}/node_modules/node/bin/node `));
    expectScript(command.split(' '));
    expect(valuesOf(text, 'User')).toEqual(['meridian']);
    expect(valuesOf(text, 'CapabilityBoundingSet')).toEqual(['']);
    for (const line of ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'ProtectHome=yes', 'PrivateTmp=yes']) {
      expect(text.split('\n')).toContain(line);
    }
    const writable = unit === 'meridian-site.service' ? '/opt/meridian/site/.astro' : '/var/backups/meridian';
    expect(valuesOf(text, 'ReadWritePaths')).toEqual([writable]);
    const variables = valuesOf(text, 'Environment').flatMap((line) => line.match(/\b\w+(?==)/g) ?? []);
    expectKnown(variables.filter((name) => name !== 'disable' && name !== 'warning'));
  });

  test('get settings that Meridian knows, and no secret', () => {
    const settings = Array.from(read('deploy/systemd/meridian.env').matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm));
    expectKnown(settings.map(([, name = '']) => name));
    const secret = settings.filter(([, name = '']) => /PASSWORD|PASSPHRASE/.test(name));
    expect(
      secret.every(
        ([, name = '', value = '']) => name.endsWith('_FILE') && value.startsWith('/etc/meridian/'),
      ),
    ).toBe(true);
  });

  test.runIf(spawnSync('systemd-analyze', ['--version']).status === 0)('are such as systemd takes', () => {
    const copies = mkdtempSync(join(tmpdir(), 'meridian-units-'));
    try {
      const names = readdirSync(folder).filter((name) => !name.endsWith('.env'));
      for (const name of names) {
        // systemd looks whether the program is there.
        const text = read(`deploy/systemd/${name}`).replaceAll('/opt/meridian', root);
        writeFileSync(join(copies, name), text);
      }
      const { status, stdout, stderr } = spawnSync(
        'systemd-analyze',
        ['verify', '--man=no', ...names.map((name) => join(copies, name))],
        { encoding: 'utf8' },
      );
      const ours = `${stdout}${stderr}`
        .split('\n')
        .filter((line) => line.includes(copies) || line.startsWith('meridian-'));
      expect(ours).toEqual([]);
      expect(status).toBe(0);
    } finally {
      rmSync(copies, { recursive: true, force: true });
    }
  });
});
