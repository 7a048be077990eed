import type { ContentManagerPlugin } from '@strapi/content-manager/strapi-admin';
import { Earth } from '@strapi/icons';
import type { StrapiApp } from '@strapi/strapi/admin';
import { EntryPanel } from './EntryPanel.tsx';

/** Adds the home widget that tells how the site stands, for those who may read articles. */
export function registerSiteWidget(app: StrapiApp): void {
  const site = {
    id: 'meridian-site',
    icon: Earth,
    title: { id: 'meridian.site.title', defaultMessage: 'The site' },
    component: async () => (await import('./SiteWidget.tsx')).SiteWidget,
    permissions: [{ action: 'plugin::content-manager.explorer.read', subject: 'api::article.article' }],
  };
  app.widgets.register((others) => [site, ...others]);
}

/** Adds the panel beside Publish, right below Strapi's own. */
export function addEntryPanel(app: Pick<StrapiApp, 'getPlugin'>): void {
  const { addEditViewSidePanel } = app.getPlugin('content-manager')
    .apis as ContentManagerPlugin['config']['apis'];
  addEditViewSidePanel([EntryPanel]);
}
