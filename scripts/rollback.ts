import { OperatorError, reportFailure } from './errors.ts';
import { readSettings } from './settings.ts';
import { runPublishing } from './site.ts';

const usage = `Usage: npm run rollback [-- ID]

Goes back to the release ID, or to the one before the live one, and holds there: what is published meanwhile waits until
"npm run release -- --resume". "npm run release" lists the releases.`;

// npm run rollback: works with the site server running or not.
try {
  const [id, ...others] = process.argv.slice(2);
  if (others.length > 0 || (id?.startsWith('-') === true && id !== '--help')) throw new OperatorError(usage);
  if (id === '--help') console.log(usage);
  else
    process.exitCode = await runPublishing(readSettings(), ['rollback', ...(id === undefined ? [] : [id])]);
} catch (error) {
  reportFailure(error);
}
