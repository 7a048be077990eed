import type { ContentManagerPlugin } from '@strapi/content-manager/strapi-admin';
import type { StrapiApp } from '@strapi/strapi/admin';
import { ChecklistPanel } from './ChecklistPanel.tsx';

/** Adds the panel that lists what blocks publishing and what is advised. Call it in `bootstrap`. */
export function addChecklistPanel(app: Pick<StrapiApp, 'getPlugin'>): void {
  const { addEditViewSidePanel } = app.getPlugin('content-manager')
    .apis as ContentManagerPlugin['config']['apis'];
  addEditViewSidePanel([ChecklistPanel]);
}
