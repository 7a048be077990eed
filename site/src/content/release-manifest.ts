import { requestFormManifest } from '../features/consultation/form.ts';
import type { MovedAddress } from './assemble/redirects.ts';
import type { Library } from './content.ts';
import type { PageFrame } from './views.ts';

/**
 * What the server reads of a release beside its files: `revision` of the CMS, the clinic's `day` it was built on. Times are `HH:mm:ss.SSS` on the clinic's clock.
 */
export function releaseManifest(
  revision: number,
  library: Library,
  views: readonly PageFrame[],
  redirects: readonly MovedAddress[],
) {
  const { clinic, today } = library;
  return {
    revision,
    day: today,
    clinic: {
      name: clinic.name,
      telephone: clinic.telephone,
      timeZone: clinic.timeZone,
      openingHours: clinic.openingHours,
      closures: clinic.closures,
    },
    pages: views.map(({ path, head }) => ({ path, title: head.title })),
    redirects,
    consultation: requestFormManifest(library),
  };
}
