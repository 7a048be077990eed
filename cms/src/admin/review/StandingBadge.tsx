import { Badge } from '@strapi/design-system';
import type { Standing } from '../../review/records.ts';
import { STANDING_COLOURS } from './words.ts';

/** How a text stands to its review, in a word or two and a colour. */
export function StandingBadge({ standing }: { standing: Standing }) {
  const { background, text } = STANDING_COLOURS[standing];
  return (
    <Badge backgroundColor={background} textColor={text}>
      {standing}
    </Badge>
  );
}
