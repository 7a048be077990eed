// Generated from cms/src/api/clinic/content-types/clinic/schema.json. Do not edit. Run "npm run generate".
import { z } from 'zod';
import * as is from '../attributes.ts';
import { entryFields } from '../entry.ts';
import { mediaQuery, mediaSchema } from '../media.ts';
import type { ContentQuery } from '../query.ts';
import {
  clinicAddressSchema,
  clinicAddressQuery,
  clinicClosureSchema,
  clinicClosureQuery,
  clinicEmergencyNoticeSchema,
  clinicEmergencyNoticeQuery,
  clinicGeoSchema,
  clinicGeoQuery,
  clinicOpeningHoursSchema,
  clinicOpeningHoursQuery,
  sharedLinkSchema,
  sharedLinkQuery,
  sharedListItemSchema,
  sharedListItemQuery,
  sharedSeoSchema,
  sharedSeoQuery,
} from './components.ts';

export const clinicSchema = z.object({
  ...entryFields,
  name: z.string().min(1).max(150),
  legalName: is.emptyAsNull(z.string().max(200)),
  tagline: is.emptyAsNull(z.string().max(200)),
  telephone: z.string().min(1).max(40),
  email: is.emptyAsNull(z.email()),
  address: clinicAddressSchema.nullable(),
  geo: clinicGeoSchema.nullable(),
  timeZone: z.string().min(1).max(60),
  openingHours: z.array(clinicOpeningHoursSchema),
  closures: z.array(clinicClosureSchema),
  areasServed: z.array(sharedListItemSchema),
  emergencyNotice: clinicEmergencyNoticeSchema.nullable(),
  allowsUnreviewed: z.boolean().nullable(),
  overdueReviewNotice: is.emptyAsNull(z.string().max(400)),
  socialLinks: z.array(sharedLinkSchema),
  logo: mediaSchema.nullable(),
  defaultSeo: sharedSeoSchema.nullable(),
});
export type Clinic = z.infer<typeof clinicSchema>;
export const clinicQuery = {
  uid: 'api::clinic.clinic',
  kind: 'singleType',
  endpoint: 'clinic',
  fields: [
    'documentId',
    'createdAt',
    'updatedAt',
    'publishedAt',
    'name',
    'legalName',
    'tagline',
    'telephone',
    'email',
    'timeZone',
    'allowsUnreviewed',
    'overdueReviewNotice',
  ],
  populate: {
    address: clinicAddressQuery,
    geo: clinicGeoQuery,
    openingHours: clinicOpeningHoursQuery,
    closures: clinicClosureQuery,
    areasServed: sharedListItemQuery,
    emergencyNotice: clinicEmergencyNoticeQuery,
    socialLinks: sharedLinkQuery,
    logo: mediaQuery,
    defaultSeo: sharedSeoQuery,
  },
} as const satisfies ContentQuery;
