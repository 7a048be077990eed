import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from '../scripts/settings.ts';

/** A word that stands nowhere but in what `markedDraft` makes. */
export const canary = 'Quetzalcanary';

interface Attribute {
  type: string;
  maxLength?: number;
  enum?: string[];
  min?: number;
  component?: string;
  components?: string[];
  repeatable?: boolean;
  multiple?: boolean;
}
interface Schema {
  attributes: Record<string, Attribute>;
}

const schemas = new Map<string, Schema>();
for (const file of globSync('src/api/*/content-types/*/schema.json', { cwd: join(root, 'cms') })) {
  const name = basename(dirname(file));
  schemas.set(`api::${name}.${name}`, readSchema(file));
}
for (const file of globSync('src/components/*/*.json', { cwd: join(root, 'cms') })) {
  schemas.set(`${basename(dirname(file))}.${basename(file, '.json')}`, readSchema(file));
}

function readSchema(file: string): Schema {
  return JSON.parse(readFileSync(join(root, 'cms', file), 'utf8')) as Schema;
}

/**
 * A draft of a content type, or a component, in which every field that the schema knows is filled in, each text with
 * the canary. Relations stay as they are.
 *
 * @param picture id of an uploaded picture, for every field that takes one
 */
export function markedDraft(uid: string, picture: number): Record<string, unknown> {
  const { attributes } = schemas.get(uid) ?? { attributes: {} };
  const filled = Object.entries(attributes)
    .filter(([, { type }]) => type !== 'relation')
    .map(([name, attribute]) => [name, marked(uid, name, attribute, picture)] as const);
  return Object.fromEntries(filled);
}

function marked(uid: string, name: string, attribute: Attribute, picture: number): unknown {
  const { type, maxLength = 200, component = '', components = [] } = attribute;
  switch (type) {
    case 'string':
      // Pages leave out links that lead nowhere.
      if (name === 'url') return `https://clinic.example/${canary}/`;
      return `${canary} ${uid} ${name}`.slice(0, maxLength);
    case 'text':
    case 'richtext':
      return `${canary} ${uid} ${name}`.slice(0, maxLength);
    case 'uid':
      return `${canary}-${uid.split('.')[1] ?? ''}`.toLowerCase();
    case 'email':
      return `${canary}@clinic.example`;
    case 'integer':
    case 'float':
      return Math.max(attribute.min ?? 1, 1);
    case 'boolean':
      return true;
    case 'date':
      return '2030-01-02';
    case 'time':
      return '09:00:00.000';
    case 'enumeration':
      return attribute.enum?.[0];
    case 'media':
      return attribute.multiple === true ? [picture] : picture;
    case 'component': {
      const part = markedDraft(component, picture);
      return attribute.repeatable === true ? [part] : part;
    }
    case 'dynamiczone':
      return components.map((each) => ({ __component: each, ...markedDraft(each, picture) }));
    default:
      throw new Error(`The field ${name} of ${uid} is of type ${type}, which the canary cannot fill in yet.`);
  }
}
