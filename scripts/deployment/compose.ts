import { parse } from 'yaml';
import { z } from 'zod';

/** What Meridian's compose file uses of the Compose Specification, and nothing else: a new key is looked at first. */
const serviceSchema = z.strictObject({
  build: z.strictObject({ context: z.string(), target: z.string().optional() }).optional(),
  image: z.string().optional(),
  user: z.string(),
  command: z.array(z.string()).optional(),
  depends_on: z
    .union([z.array(z.string()), z.record(z.string(), z.object({ condition: z.string() }))])
    .optional(),
  environment: z.record(z.string(), z.string()),
  secrets: z.array(z.string()).optional(),
  networks: z.array(z.string()),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()),
  tmpfs: z.array(z.string()),
  shm_size: z.string().optional(),
  sysctls: z.record(z.string(), z.string()).optional(),
  stop_grace_period: z.string().optional(),
  healthcheck: z.object({ test: z.array(z.string()) }),
  restart: z.literal('unless-stopped'),
  init: z.literal(true),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  logging: z.object({ driver: z.string() }),
});

const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

/** What a compose file may add to a service of another one. */
const addedToServiceSchema = z.strictObject({
  environment: z.record(z.string(), z.string()),
  secrets: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
});

/** What a compose file may add to another one. */
const additionSchema = z.object({
  services: z.record(z.string(), z.unknown()),
  volumes: composeSchema.shape.volumes.default({}),
  secrets: composeSchema.shape.secrets.default({}),
});

export type Service = z.infer<typeof serviceSchema>;
export type Compose = z.infer<typeof composeSchema>;

/** Reads a compose file, every service of which must be hardened. @throws ZodError naming what is not */
export function parseCompose(text: string): Compose {
  return composeSchema.parse(parse(text, { merge: true }));
}

/**
 * A compose file with one more beside it, as Compose merges both. A service that is new must be hardened as all are.
 *
 * @throws ZodError naming what the other may not add
 */
export function addCompose(compose: Compose, text: string): Compose {
  const addition = additionSchema.parse(parse(text, { merge: true }));
  const services = { ...compose.services };
  for (const [name, added] of Object.entries(addition.services)) {
    const service = services[name];
    if (service === undefined) {
      services[name] = serviceSchema.parse(added);
      continue;
    }
    const { environment, secrets, networks } = addedToServiceSchema.parse(added);
    services[name] = {
      ...service,
      environment: { ...service.environment, ...environment },
      secrets: [...(service.secrets ?? []), ...secrets],
      networks: [...service.networks, ...networks],
    };
  }
  return {
    ...compose,
    services,
    volumes: { ...compose.volumes, ...addition.volumes },
    secrets: { ...compose.secrets, ...addition.secrets },
  };
}

/** Puts settings into `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. @throws Error with the message of what is not set */
export function interpolate(text: string, settings: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+)(?:(:[-?])([^}]*))?\}/g, (_, name: string, kind = '', rest = '') => {
    const value = settings[name] ?? '';
    if (value !== '') return value;
    if (kind === ':?') throw new Error(`${name}: ${String(rest)}`);
    return String(rest);
  });
}

/** Names of the settings that a text asks for as `${NAME…}`. */
export function settingsIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(/\$\{(\w+)/g), ([, name = '']) => name));
}
