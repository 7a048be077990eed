import type { StrapiApp } from '@strapi/strapi/admin';
import type { ContentManagerPlugin } from '@strapi/content-manager/strapi-admin';
import { Headphones } from '@strapi/icons';
import { REQUEST } from './addresses.ts';
import { ContactLinks } from './ContactLinks.tsx';
import { withRequestCells, type ListTable } from './ListCells.tsx';
import { RequestPanel } from './RequestPanel.tsx';
import { Views } from './Views.tsx';

/** Puts the inbox first on the home page of those who may read requests. Call it in `register`. */
export function addRequestsWidget(app: StrapiApp): void {
  const inbox = {
    id: 'consultation-requests',
    icon: Headphones,
    title: { id: 'meridian.requests.title', defaultMessage: 'Consultation requests' },
    component: async () => (await import('./RequestsWidget.tsx')).RequestsWidget,
    permissions: [{ action: 'plugin::content-manager.explorer.read', subject: REQUEST }],
  };
  app.widgets.register((others) => [inbox, ...others]);
}

/** Adds what stands beside an entry, and the marks and views of the list. Call it in `bootstrap`. */
export function showRequests(app: StrapiApp): void {
  const contentManager = app.getPlugin('content-manager');
  (contentManager.apis as ContentManagerPlugin['config']['apis']).addEditViewSidePanel([RequestPanel]);
  contentManager.injectComponent('editView', 'right-links', {
    name: 'request-contact',
    Component: ContactLinks,
  });
  contentManager.injectComponent('listView', 'actions', { name: 'request-views', Component: Views });
  app.registerHook('Admin/CM/pages/ListView/inject-column-in-table', (table: ListTable) =>
    withRequestCells(table),
  );
}
