import { Badge } from '@strapi/design-system';
import { stageLabel } from './words.ts';

const COLOURS: Record<string, { backgroundColor: string; textColor: string }> = {
  new: { backgroundColor: 'primary100', textColor: 'primary700' },
  contacted: { backgroundColor: 'warning100', textColor: 'neutral800' },
  booked: { backgroundColor: 'success100', textColor: 'success700' },
  closed: { backgroundColor: 'neutral150', textColor: 'neutral700' },
  spam: { backgroundColor: 'danger100', textColor: 'danger700' },
};

/** The status of a request as a coloured word. */
export function StageBadge({ stage }: { stage: string }) {
  return <Badge {...COLOURS[stage]}>{stageLabel(stage)}</Badge>;
}

/** Says that the promised time has passed. */
export function OverdueBadge() {
  return (
    <Badge backgroundColor="danger100" textColor="danger700">
      Overdue
    </Badge>
  );
}
