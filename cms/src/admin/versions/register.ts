import type { ContentManagerPlugin } from '@strapi/content-manager/strapi-admin';
import type { StrapiApp } from '@strapi/strapi/admin';
import { VersionsPanel } from './VersionsPanel.tsx';

/** Adds the panel of what was published before. Call it in `bootstrap`. */
export function addVersionsPanel(app: Pick<StrapiApp, 'getPlugin'>): void {
  const { addEditViewSidePanel } = app.getPlugin('content-manager')
    .apis as ContentManagerPlugin['config']['apis'];
  addEditViewSidePanel([VersionsPanel]);
}
