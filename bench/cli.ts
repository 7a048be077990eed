import { parseArgs } from 'node:util';
import { OperatorError, reportFailure } from '../scripts/errors.ts';
import { stopChildren } from '../scripts/children.ts';
import { benchBuild } from './build.ts';
import { benchConsultation } from './consultation.ts';
import { benchLoad } from './load.ts';
import { benchPublish } from './publish.ts';
import { benchSwaps } from './swaps.ts';
import { benchLighthouse } from './lighthouse.ts';

const usage = `Usage: npm run bench -- build [--articles 100,1000,10000] [--keep]
       npm run bench -- publish [--articles 100,1000,10000] [--publishes 20]
       npm run bench -- swaps
       npm run bench -- lighthouse [--url http://127.0.0.1:4321]
       npm run bench -- consultation
       npm run bench -- load [--minutes 10] [--no-kills] [--keep]

build        fills a CMS of its own with articles, and measures pull, builds, memory and bytes,
             beside Eleventy building the same articles
  --articles   how many published articles, smallest first
  --keep       leaves the data, sites and logs where they are, and says where
publish      measures from the publish call to the first byte of the changed page
  --publishes  how many, for each number of articles; fewer when seven minutes are not enough
swaps        swaps releases 200 times under load, and looks at every answer
lighthouse   runs Lighthouse (mobile) on home, article, provider and consultation
  --url        a system that runs already; without it, one is started
consultation sends consultation requests to a site server of its own, alone and beside a flood
load         measures the article page (beside nginx, if installed), then lets everything happen at once:
             reads, requests, publishes, and a kill of each process every minute; fails when a promise is broken
  --minutes  how long
  --no-kills lets processes live to the end, which shows whether they grow`;

try {
  await run(process.argv.slice(2));
} catch (error) {
  reportFailure(error);
} finally {
  await stopChildren();
}

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      articles: { type: 'string', default: '100,1000,10000' },
      publishes: { type: 'string', default: '20' },
      keep: { type: 'boolean', default: false },
      url: { type: 'string' },
      minutes: { type: 'string', default: '10' },
      'no-kills': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const [command, ...others] = positionals;
  if (others.length > 0) throw new OperatorError(`There is one command at a time.\n\n${usage}`);
  if (command === 'build') await benchBuild({ sizes: sizes(values.articles), keep: values.keep });
  else if (command === 'publish') {
    const publishes = sizes(values.publishes)[0] ?? 20;
    await benchPublish({ sizes: sizes(values.articles), publishes, keep: values.keep });
  } else if (command === 'lighthouse') await benchLighthouse(values.url);
  else if (command === 'swaps') await benchSwaps();
  else if (command === 'load') {
    await benchLoad({ minutes: minutesOf(values.minutes), kills: !values['no-kills'], keep: values.keep });
  } else if (command === 'consultation') await benchConsultation();
  else throw new OperatorError(`There is no bench "${command ?? ''}".\n\n${usage}`);
}

function minutesOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new OperatorError(`--minutes is "${text}". Give a whole number, such as 10.`);
}

function sizes(list: string): number[] {
  const numbers = list.split(',').map((text) => text.trim());
  if (!numbers.every((text) => /^[1-9]\d{0,5}$/.test(text))) {
    throw new OperatorError(`--articles is "${list}". Give whole numbers with commas, such as 100,1000.`);
  }
  return [...new Set(numbers.map(Number))].sort((a, b) => a - b);
}
