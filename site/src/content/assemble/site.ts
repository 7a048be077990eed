import type { Clinic, SharedLink } from '@meridian/shared-types';
import { hoursView } from '../../features/hours/display.ts';
import { isGone, isInternal, readLink } from '@meridian/shared-types/checklist';
import { paragraphsOf } from '../../features/markdown/paragraphs.ts';
import { pictureView } from '../../features/pictures/view.ts';
import { telephone } from '../../features/telephone/telephone.ts';
import type { Library } from '../content.ts';
import type { AddressView, ClinicView, LinkView, Site } from '../views.ts';
import { goneLink, type PageLink } from './page-parts.ts';

/** Links that stand on every page, by the entry that they are of. */
export interface SiteLinks {
  navigation: readonly PageLink[];
  clinic: readonly PageLink[];
}

/**
 * What surrounds every page. A link that is not allowed, or that leads to an entry which is not published, is left out
 * with a warning.
 */
export function assembleSite(library: Library): { site: Site; links: SiteLinks } {
  const links = { navigation: [] as PageLink[], clinic: [] as PageLink[] };
  const { navigation } = library;
  const site: Site = {
    language: 'en-US',
    clinic: clinicView(library, links.clinic),
    header: linkViews(navigation.header, 'navigation', 'header', library, links.navigation),
    footer: linkViews(navigation.footer, 'navigation', 'footer', library, links.navigation),
  };
  return { site, links };
}

function clinicView(library: Library, found: PageLink[]): ClinicView {
  const { clinic } = library;
  return {
    name: clinic.name,
    legalName: clinic.legalName,
    tagline: clinic.tagline,
    telephone: telephone(clinic.telephone),
    email: clinic.email === null ? null : { text: clinic.email, href: `mailto:${clinic.email}` },
    address: addressView(clinic),
    hours: hoursView(clinic, library.today),
    areasServed: clinic.areasServed.map(({ text }) => text),
    emergencyNotice:
      clinic.emergencyNotice === null
        ? null
        : { heading: clinic.emergencyNotice.heading, paragraphs: paragraphsOf(clinic.emergencyNotice.body) },
    socialLinks: linkViews(clinic.socialLinks, 'clinic', 'socialLinks', library, found),
    logo: pictureView(clinic.logo, library.pictures),
  };
}

function addressView({ address, geo, name }: Clinic): AddressView | null {
  if (address === null) return null;
  const region = [address.addressRegion, address.postalCode].filter((part) => part !== null).join(' ');
  const town = [address.addressLocality ?? '', region].filter((part) => part !== '').join(', ');
  const country = address.addressCountry === 'US' ? null : address.addressCountry;
  const lines = [address.streetAddress ?? '', town, country ?? ''].filter((line) => line !== '');
  if (lines.length === 0) return null;
  const place = geo === null ? [name, ...lines].join(', ') : `${geo.latitude},${geo.longitude}`;
  return { lines, mapHref: `https://www.openstreetmap.org/search?query=${encodeURIComponent(place)}` };
}

/** Links ready to be shown; those that lead to pages of the site are added to `found`. */
function linkViews(
  links: readonly SharedLink[],
  entry: keyof SiteLinks,
  list: string,
  library: Library,
  found: PageLink[],
): LinkView[] {
  return links.flatMap(({ label, url }, index) => {
    const field = `${list}.${index}.url`;
    const link = readLink(url, library);
    if (link === null) {
      library.warn(
        `${entry} field ${field}: the link "${label}" is left out, for its address is not allowed.`,
      );
      return [];
    }
    const internal = { href: link.href, text: label, field };
    if (isInternal(link)) found.push(internal);
    if (!isGone(link)) return [{ label, ...link }];
    library.warn(`${entry} field ${field}: ${goneLink(internal)}, so it is left out.`);
    return [];
  });
}
