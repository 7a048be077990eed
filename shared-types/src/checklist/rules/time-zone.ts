import { isTimeZone } from '../../time-zone.ts';
import type { Rule } from '../rule.ts';

/** The clinic's time zone exists: without it no day and no hour could be told. */
export const timeZoneRule: Rule = ({ type, entry }) => {
  const zone = typeof entry['timeZone'] === 'string' ? entry['timeZone'] : '';
  // That it is empty, another rule says.
  if (type !== 'clinic' || zone.trim() === '' || isTimeZone(zone)) return [];
  return [
    {
      level: 'blocks',
      rule: 'time-zone',
      path: 'timeZone',
      message: `"${zone}" is no time zone.`,
      mend: 'Write one such as America/Los_Angeles.',
    },
  ];
};
