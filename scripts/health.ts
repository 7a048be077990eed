import { newestBackup } from './backup/timer.ts';
import { answers, localAddress } from './cms.ts';
import { OperatorError, reportFailure } from './errors.ts';
import { parseSettings, withoutEmpty } from './settings.ts';

const twoDays = 48 * 60 * 60 * 1000;

// npm run health -- cms|site|backup: whether a part of Meridian on this machine does its work, as exit code and one line.
// For health checks of containers and monitoring; reads the environment only, and writes nothing.
try {
  const [part = '', ...others] = process.argv.slice(2);
  const { cms, site, backups } = parseSettings(withoutEmpty(process.env));
  const checks: Readonly<Record<string, () => Promise<boolean>>> = {
    cms: () => answers(`${localAddress(cms)}/_health`),
    site: () => answers(`${localAddress(site)}/healthz`),
    backup: async () => {
      const newest = await newestBackup(backups.dir);
      return newest !== null && Date.now() - newest.getTime() < twoDays;
    },
  };
  const check = checks[part];
  if (check === undefined || others.length > 0)
    throw new OperatorError('Usage: npm run health -- cms|site|backup');
  const healthy = await check();
  console.log(healthy ? 'healthy' : 'unhealthy');
  process.exitCode = healthy ? 0 : 1;
} catch (error) {
  reportFailure(error);
}
