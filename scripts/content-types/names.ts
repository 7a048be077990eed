import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { camelCase, pascalCase } from '../../shared-types/generator/names.ts';
import type { Schemas } from '../../shared-types/generator/schema.ts';
import { reservedPageSlugs } from '../../site/src/paths.ts';
import { OperatorError } from '../errors.ts';

/** What a content type is called in all places. */
export interface TypeNames {
  /** `opening-offer` */
  singular: string;
  /** `opening-offers`: folder of the site, of the fixture and of the API. */
  plural: string;
  /** `openingOffer` */
  camel: string;
  /** `OpeningOffer` */
  pascal: string;
  /** `openingOffers` */
  camelPlural: string;
  /** `Opening offer`, as staff read it. */
  label: string;
  /** `Opening offers` */
  pluralLabel: string;
}

/** Names of models, snake case, that Strapi 5.54 keeps for itself (`@strapi/utils`), and its table `files`. */
export const strapiNames = ['boolean', 'date', 'date_time', 'time', 'upload', 'document', 'then', 'files'];
const strapiPrefix = 'strapi';
/** Names that the code made for a type uses for other things, in camel case. */
const codeNames =
  /^(array|assemble|assembleList|assembled|base|card|catalog|consultationBand|documentId|entries|expect|fixture|home|library|list|page|pageFrame|pageParts|pageProps|pageTitle|path|plain|props|record|site|source|test|title|view)$/;
const keywords =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|undefined|var|void|while|with|yield)$/;

const longest = 40;

/** The usual plural of an English noun; `--plural` is for all others. */
export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return noun.replace(/y$/, 'ies');
  return /(s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** All names of a type that is called so. */
export function namesOf(singular: string, plural: string): TypeNames {
  const label = (name: string) => {
    const words = name.replaceAll('-', ' ');
    return words.charAt(0).toUpperCase() + words.slice(1);
  };
  return {
    singular,
    plural,
    camel: camelCase(singular),
    pascal: pascalCase(singular),
    camelPlural: camelCase(plural),
    label: label(singular),
    pluralLabel: label(plural),
  };
}

/**
 * Names for a new content type.
 *
 * @throws OperatorError saying why a name cannot be had and what to do
 */
export function newNames(
  root: string,
  singular: string,
  given: string | undefined,
  known: Schemas,
): TypeNames {
  wellFormed(singular, 'The name');
  const plural = given ?? pluralOf(singular);
  wellFormed(plural, 'The plural');
  const names = namesOf(singular, plural);
  if (singular === plural) {
    throw new OperatorError(
      `The plural of "${singular}" would be the same word. Give another: npm run new:type -- ${singular} --plural ${singular}-list`,
    );
  }
  if (known.types.some((type) => type.singularName === singular)) {
    throw new OperatorError(
      `There is a content type "${singular}" already. "npm run doctor" says whether all of it is in place; to begin anew, delete its files first.`,
    );
  }
  const fault = takenBy(root, names, known) ?? addressFault(root, plural);
  if (fault !== null)
    throw new OperatorError(
      `${fault} Choose another name${given === undefined ? ', or a plural of your own with --plural' : ''}.`,
    );
  return names;
}

function wellFormed(name: string, what: string): void {
  if (name.length > longest || !/^[a-z]+(-[a-z]+)*$/.test(name)) {
    throw new OperatorError(
      `${what} "${name}" must be a noun in lower-case letters, its words joined by single hyphens, ${longest} characters at most, such as "service" or "patient-story".`,
    );
  }
}

function takenBy(root: string, names: TypeNames, known: Schemas): string | null {
  const { singular, plural, camel, pascal } = names;
  for (const name of [singular, plural]) {
    const snake = name.replaceAll('-', '_');
    if (strapiNames.includes(snake) || snake.startsWith(strapiPrefix))
      return `Strapi keeps the name "${name}" for itself.`;
    if (keywords.test(camelCase(name)) || codeNames.test(camelCase(name)))
      return `The code that is made for a type could not use the name "${name}".`;
    const owner = known.types.find((type) => type.singularName === name || type.endpoint === name);
    if (owner !== undefined)
      return `The content type "${owner.singularName}" has the name "${name}" already.`;
    if (existsSync(join(root, 'cms/src/api', name))) return `There is a folder cms/src/api/${name} already.`;
  }
  const door = readFileSync(join(root, 'shared-types/src/index.ts'), 'utf8');
  const own = [pascal, `${camel}Schema`, `${camel}Query`].find((name) =>
    new RegExp(`\\b${name}\\b`).test(door),
  );
  return own === undefined ? null : `shared-types has a "${own}" of its own, which the type would hide.`;
}

function addressFault(root: string, plural: string): string | null {
  const taken = `The pages would be at /${plural}/, which`;
  if (reservedPageSlugs.includes(plural)) return `${taken} the site uses for something else.`;
  const [page] = globSync([`site/src/pages/${plural}`, `site/src/pages/${plural}.*`], { cwd: root });
  if (page !== undefined) return `${taken} is the address of ${page}.`;
  const [entry] = globSync(`cms/{content,fixture}/pages/${plural}.yaml`, { cwd: root });
  if (entry !== undefined) return `${taken} is the address of the page in ${entry}.`;
  const routes = readFileSync(join(root, 'docs/access-table.md'), 'utf8');
  return new RegExp(`/api/${plural}[\`/]`).test(routes)
    ? `The CMS has another route /api/${plural} already (docs/access-table.md).`
    : null;
}
