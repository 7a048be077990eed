import { Typography } from '@strapi/design-system';
import type { Standing } from '../../review/records.ts';
import type { ListTable } from '../requests/ListCells.tsx';
import { StandingBadge } from './StandingBadge.tsx';
import { ARTICLE } from './words.ts';

/** Shows in the list of articles how each stands to its review as a badge; leaves other lists alone. */
export function withReviewCells(table: ListTable): ListTable {
  if (!window.location.pathname.includes(ARTICLE)) return table;
  const displayedHeaders = table.displayedHeaders.map((header) =>
    header.name === 'reviewStanding' ? { ...header, cellFormatter: standingCell } : header,
  );
  return { ...table, displayedHeaders };
}

function standingCell(row: object) {
  const { reviewStanding } = row as { reviewStanding?: Standing | null };
  return reviewStanding ? <StandingBadge standing={reviewStanding} /> : <Typography>-</Typography>;
}
