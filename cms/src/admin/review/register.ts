import type { ContentManagerPlugin } from '@strapi/content-manager/strapi-admin';
import { Check } from '@strapi/icons';
import type { StrapiApp } from '@strapi/strapi/admin';
import type { ListTable } from '../requests/ListCells.tsx';
import { withReviewCells } from './ListCells.tsx';
import { ReviewerPanel } from './ReviewerPanel.tsx';
import { ReviewPanel } from './ReviewPanel.tsx';
import { ARTICLE } from './words.ts';

/** Adds the home widget of reviews that are due, for those who may read articles. Call it in `register`. */
export function registerDueWidget(app: StrapiApp): void {
  const due = {
    id: 'meridian-reviews-due',
    icon: Check,
    title: { id: 'meridian.reviews.title', defaultMessage: 'Reviews due in 60 days' },
    component: async () => (await import('./DueWidget.tsx')).DueWidget,
    permissions: [{ action: 'plugin::content-manager.explorer.read', subject: ARTICLE }],
  };
  app.widgets.register((others) => [due, ...others]);
}

/** Adds the panels of articles and providers, and the marks of the list. Call it in `bootstrap`. */
export function addReviews(app: StrapiApp): void {
  const contentManager = app.getPlugin('content-manager').apis as ContentManagerPlugin['config']['apis'];
  contentManager.addEditViewSidePanel([ReviewPanel, ReviewerPanel]);
  app.registerHook('Admin/CM/pages/ListView/inject-column-in-table', (table: ListTable) =>
    withReviewCells(table),
  );
}
