import { sweepScratch } from './backup/scratch.ts';
import { requireCmsBuild, runCms, seedNewDatabase } from './cms.ts';
import { checkDatabase } from './database.ts';
import { reportFailure } from './errors.ts';
import { endWith } from './foreground.ts';
import { readSettings } from './settings.ts';

// npm run start:cms: the CMS alone, compiled before, for a service manager or a container. Writes to DATA_DIR only.
try {
  const settings = readSettings();
  requireCmsBuild(settings);
  await checkDatabase(settings);
  await sweepScratch(settings.dataDir);
  await seedNewDatabase(settings);
  await endWith(runCms(settings));
} catch (error) {
  reportFailure(error);
}
