import type { ContentManagerPlugin } from '@strapi/content-manager/strapi-admin';
import { Clock } from '@strapi/icons';
import type { StrapiApp } from '@strapi/strapi/admin';
import { SchedulePanel } from './SchedulePanel.tsx';

/** Adds the home widget of what is planned, for those who may read articles. Call it in `register`. */
export function registerUpcomingWidget(app: StrapiApp): void {
  const upcoming = {
    id: 'meridian-upcoming',
    icon: Clock,
    title: { id: 'meridian.upcoming.title', defaultMessage: 'Coming up' },
    component: async () => (await import('./UpcomingWidget.tsx')).UpcomingWidget,
    permissions: [{ action: 'plugin::content-manager.explorer.read', subject: 'api::article.article' }],
  };
  app.widgets.register((others) => [upcoming, ...others]);
}

/** Adds the panel in which staff plan. Call it in `bootstrap`. */
export function addSchedulePanel(app: Pick<StrapiApp, 'getPlugin'>): void {
  const { addEditViewSidePanel } = app.getPlugin('content-manager')
    .apis as ContentManagerPlugin['config']['apis'];
  addEditViewSidePanel([SchedulePanel]);
}
