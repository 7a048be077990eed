import type { Telephone } from '../../content/views.ts';

/**
 * A telephone number with its link. Numbers of ten digits, or eleven that begin with 1, are taken as North American
 * (+1); one that begins with + is taken as it stands; an extension (`ext. 12`, `x12`) follows a pause.
 */
export function telephone(text: string): Telephone {
  const [number = '', extension] = text.split(/\s*(?:ext\.?|x)\s*(?=\d)/i);
  const digits = number.replaceAll(/\D/g, '');
  const international = number.trim().startsWith('+') || (digits.length === 11 && digits.startsWith('1'));
  const full = international ? `+${digits}` : digits.length === 10 ? `+1${digits}` : digits;
  const pause = extension === undefined ? '' : `;ext=${extension.replaceAll(/\D/g, '')}`;
  return { text, href: `tel:${full}${pause}` };
}
