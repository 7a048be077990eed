import type { UID } from '@strapi/strapi';

/** The content type of addresses that moved. */
export const REDIRECT = 'api::redirect.redirect' as UID.ContentType;

/** A redirect as the database has it: `from` is a path as `readFrom` gives it, `to` a path or an `entry:` link. */
export interface RedirectRow {
  id: number;
  documentId: string;
  from: string;
  to: string;
  automatic: boolean | null;
  why: string | null;
}
