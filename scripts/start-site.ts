import { reportFailure } from './errors.ts';
import { endWith } from './foreground.ts';
import { readSettings } from './settings.ts';
import { runSite } from './site.ts';

// npm run start:site: the site server alone, for a service manager or a container. Writes to DATA_DIR and site/.astro only.
try {
  await endWith(runSite(readSettings()));
} catch (error) {
  reportFailure(error);
}
