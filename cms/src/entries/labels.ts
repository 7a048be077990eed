import type { Core, UID } from '@strapi/strapi';
import { viewConfigurations } from '../internals.ts';

/** What staff call the fields of a type and of its components, and the components themselves. */
export interface Labels {
  /** The label of a field of a content type or component. */
  field(uid: string, name: string): string;
  /** The name of a component. */
  component(uid: string): string;
}

/** Reads the labels as the admin shows them today, those included that staff changed. */
export async function labelsOf(strapi: Core.Strapi, uid: UID.ContentType): Promise<Labels> {
  const configurations = await viewConfigurations(strapi, uid);
  return {
    field: (model, name) => configurations[model]?.metadatas[name]?.edit.label ?? name,
    component: (component) =>
      strapi.components[component as UID.Component]?.info.displayName ?? 'A section of a kind that is gone',
  };
}
