import { parseArgs } from 'node:util';
import { OperatorError, reportFailure } from './errors.ts';
import { readSettings } from './settings.ts';
import { runPublishing } from './site.ts';

const usage = `Usage: npm run release [-- --approve | --resume]

Lists the releases of the site: which is live, since when, and what waits.
  --approve   lets the release go live that waits because it has lost many pages
  --resume    ends a rollback: what was published meanwhile goes live`;

// npm run release: works with the site server running or not.
try {
  const { values } = parseArgs({
    options: {
      approve: { type: 'boolean', default: false },
      resume: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.approve && values.resume) throw new OperatorError(`One thing at a time.\n\n${usage}`);
  const command = values.approve ? 'approve' : values.resume ? 'resume' : 'list';
  if (values.help) console.log(usage);
  else process.exitCode = await runPublishing(readSettings(), [command]);
} catch (error) {
  reportFailure(error);
}
