import { factories } from '@strapi/strapi';

export default factories.createCoreRouter('api::consultation-page.consultation-page');
