import type { Clinic, SharedLink } from '@meridian/shared-types';
import { hoursView } from '../../features/hours/display.ts';
import { type InternalLink, readLink } from '@meridian/shared-types/checklist';
import { paragraphsOf } from '../../features/markdown/escape.ts';
import { pictureView } from '../../features/pictures/view.ts';
import { telephone } from '../../features/telephone/telephone.ts';
import type { Library } from '../content.ts';
import type { AddressView, ClinicView, LinkView, Site } from '../views.ts';

/** What surrounds every page. A link of the navigation that is not allowed is left out with a warning. */
export function assembleSite(library: Library): { site: Site; links: InternalLink[] } {
  const { navigation } = library;
  const site: Site = {
    language: 'en-US',
    clinic: clinicView(library),
    header: linkViews(navigation.header, 'navigation field header', library),
    footer: linkViews(navigation.footer, 'navigation field footer', library),
  };
  const links = [...site.header, ...site.footer]
    .filter(({ external }) => !external)
    .map(({ href, label }) => ({ href, text: label }));
  return { site, links };
}

function clinicView(library: Library): ClinicView {
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
    socialLinks: linkViews(clinic.socialLinks, 'clinic field socialLinks', library),
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

function linkViews(links: readonly SharedLink[], field: string, library: Library): LinkView[] {
  return links.flatMap(({ label, url }) => {
    const link = readLink(url, library.siteUrl);
    if (link === null)
      library.warn(`${field}: the link "${label}" is left out, for its address is not allowed.`);
    return link === null ? [] : [{ label, ...link }];
  });
}
