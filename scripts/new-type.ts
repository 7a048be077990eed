import { parseArgs } from 'node:util';
import { isUnfinished, takeBackUnfinished, writeTogether } from './content-types/files.ts';
import { planType } from './content-types/new-type.ts';
import { missingPieces } from './content-types/wiring.ts';
import { messageOf, OperatorError, reportFailure } from './errors.ts';
import { exclusively } from './lock.ts';
import { root } from './settings.ts';

// npm run new:type -- NAME [--plural NAMES]: makes a content type with all that it consists of, or nothing.
const usage = 'Usage: npm run new:type -- NAME [--plural NAMES], such as "npm run new:type -- service".';

try {
  const { name, plural } = readArguments();
  await exclusively('new-type', async () => {
    if (isUnfinished(root)) {
      takeBackUnfinished(root);
      console.log('The run before did not come to its end: what it had written was taken back.');
    }
    const { names, files } = await planType(root, name, plural);
    writeTogether(root, files);
    console.log(`The content type ${names.singular} was made:`);
    for (const file of files.keys()) console.log(`  ${file}`);
    const missing = await missingPieces(root);
    for (const { type, file, fault, mend } of missing) console.log(`✗ ${type}: ${fault} (${file}). ${mend}`);
    if (missing.length > 0) process.exitCode = 1;
    console.log(
      `\nNext: add its fields to schema.json and show them; docs/content-types.md goes through it.\n` +
        `Then "npm run generate", "npm run check" and "npm start"; its pages are at /${names.plural}/.`,
    );
  });
} catch (error) {
  reportFailure(error);
}

function readArguments(): { name: string; plural: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { plural: { type: 'string' } },
    });
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new OperatorError('It takes one name.');
    return { name, plural: values.plural };
  } catch (error) {
    throw new OperatorError(`${messageOf(error)}\n${usage}`);
  }
}
