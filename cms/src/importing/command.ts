import { parseArgs } from 'node:util';
import { CmsError } from '../boot/errors.ts';

/** What an operator asks for. */
export interface ImportCommand {
  /** File or folder, as it was written. */
  path: string;
  isDryRun: boolean;
  publishes: boolean;
  /** Names of authors that may become drafts of providers. */
  providers: string[];
  /** Hosts that pictures may be fetched from. */
  hosts: string[];
}

const USAGE =
  'Usage: npm run import -- FILE_OR_FOLDER [--dry-run] [--publish] [--provider "NAME"]... [--fetch-images-from HOST]...';

/**
 * Reads the arguments of `npm run import`.
 *
 * @throws CmsError with the usage when they ask for anything else
 */
export function readImportCommand(args: string[]): ImportCommand {
  const { values, positionals } = parse(args);
  const [path, ...more] = positionals;
  if (path === undefined || path === '' || more.length > 0) throw new CmsError(USAGE);
  const hosts = values['fetch-images-from'] ?? [];
  for (const host of hosts) {
    if (!/^[a-z\d]([a-z\d.-]*[a-z\d])?(:\d{1,5})?$/.test(host)) {
      throw new CmsError(
        `"${host}" is no host. Write it as in www.clinic.example, without https:// and path.\n${USAGE}`,
      );
    }
  }
  return {
    path,
    isDryRun: values['dry-run'] ?? false,
    publishes: values.publish ?? false,
    providers: values.provider ?? [],
    hosts,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean' },
        publish: { type: 'boolean' },
        provider: { type: 'string', multiple: true },
        'fetch-images-from': { type: 'string', multiple: true },
      },
    });
  } catch {
    throw new CmsError(USAGE);
  }
}
