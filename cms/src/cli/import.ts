import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { CmsError } from '../boot/errors.ts';
import { readImportCommand } from '../importing/command.ts';
import { importContent } from '../importing/import.ts';
import { showProgress } from '../importing/progress.ts';
import { summary, writeReport, type Report } from '../importing/report.ts';
import { fail, loadStrapi } from './app.ts';

/** `import FILE_OR_FOLDER [--dry-run] [--publish] ...`: brings content in as drafts, and reports. */
async function main(): Promise<void> {
  // npm runs this in the folder of the CMS; the root command says where the person was.
  const folder = process.env['CALLED_FROM'] ?? process.cwd();
  process.chdir(`${__dirname}/../../..`);
  const command = readImportCommand(process.argv.slice(2));
  const strapi = await loadStrapi();
  let text: string;
  try {
    const report = await importContent(strapi, resolve(folder, command.path), {
      ...command,
      progress: showProgress(),
    });
    const file = saveReport(strapi, report);
    text = `${[...summary(report), '', `The whole report: ${file}`].join('\n')}\n`;
  } catch (cause) {
    if (cause instanceof CmsError) throw cause;
    throw new CmsError(`The import stopped: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  } finally {
    await strapi.destroy();
  }
  process.stdout.write(text, () => process.exit(0));
}

function saveReport(strapi: Core.Strapi, report: Report): string {
  const when = new Date();
  const dataDir = strapi.config.get<MeridianConfig['dataDir']>('meridian.dataDir');
  const folder = join(dataDir, 'imports');
  mkdirSync(folder, { recursive: true });
  const stamp = when.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  const file = join(folder, `${stamp}-${String(process.pid)}${report.isDryRun ? '-dry-run' : ''}.md`);
  writeFileSync(file, writeReport(report, when), { mode: 0o600 });
  return file;
}

main().catch(fail);
