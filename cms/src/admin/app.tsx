import type { StrapiApp } from '@strapi/strapi/admin';
import { addLinks, registerAddressInput } from './links/register.ts';
import { addChecklistPanel } from './checklist/register.ts';
import { addEntryPanel, registerSiteWidget } from './publishing/register.ts';
import { addSchedulePanel, registerUpcomingWidget } from './scheduling/register.ts';
import { addReviews, registerDueWidget } from './review/register.ts';
import { addVersionsPanel } from './versions/register.ts';
import { hideVendorNews } from './vendor-news.ts';
import { addRequestsWidget, showRequests } from './requests/inbox.tsx';

export default {
  config: {
    locales: [],
    tutorials: false,
    notifications: { releases: false },
    translations: {
      en: {
        'app.components.LeftMenu.navbrand.title': 'Meridian',
        'app.components.LeftMenu.navbrand.workplace': 'Clinic publishing',
        'Auth.form.welcome.title': 'Welcome to Meridian',
        'Auth.form.welcome.subtitle': "Log in to edit the clinic's site",
      },
    },
  },
  register(app: StrapiApp) {
    hideVendorNews();
    // Each puts itself first, so the last one stands first.
    registerDueWidget(app);
    registerUpcomingWidget(app);
    registerSiteWidget(app);
    addRequestsWidget(app);
    registerAddressInput(app);
  },

  bootstrap(app: StrapiApp) {
    addEntryPanel(app);
    addLinks(app);
    addChecklistPanel(app);
    addReviews(app);
    addSchedulePanel(app);
    addVersionsPanel(app);
    showRequests(app);
  },
};
