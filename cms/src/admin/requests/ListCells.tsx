import { Flex, Typography } from '@strapi/design-system';
import { REQUEST } from './addresses.ts';
import { OverdueBadge, StageBadge } from './StageBadge.tsx';
import { isOverdue, moment } from './words.ts';

interface Row {
  stage: string;
  dueAt: string | null;
}

interface Header {
  name: string;
  cellFormatter?: (row: Row, header: Header, place: { model: string }) => React.ReactNode;
}

/** What Strapi's list hands to its hook. */
export interface ListTable {
  displayedHeaders: Header[];
  layout: unknown;
}

/** Shows status as a badge and marks overdue requests; leaves the lists of other types alone. */
export function withRequestCells(table: ListTable): ListTable {
  const isInbox = ['reference', 'stage'].every((name) =>
    table.displayedHeaders.some((each) => each.name === name),
  );
  if (!isInbox || !window.location.pathname.includes(REQUEST)) return table;
  const displayedHeaders = table.displayedHeaders.map((header) => {
    if (header.name === 'stage')
      return { ...header, cellFormatter: ({ stage }: Row) => <StageBadge stage={stage} /> };
    if (header.name === 'dueAt') return { ...header, cellFormatter: (row: Row) => <Due {...row} /> };
    return header;
  });
  return { ...table, displayedHeaders };
}

function Due(row: Row) {
  return (
    <Flex gap={2}>
      <Typography textColor="neutral800">{row.dueAt === null ? '-' : moment(row.dueAt)}</Typography>
      {isOverdue(row, new Date()) && <OverdueBadge />}
    </Flex>
  );
}
