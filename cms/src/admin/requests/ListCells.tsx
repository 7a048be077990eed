import { Flex, Typography } from '@strapi/design-system';
import { REQUEST } from './addresses.ts';
import { OverdueBadge, StageBadge } from './StageBadge.tsx';
import { isOverdue, moment } from './words.ts';

interface Row {
  stage: string;
  receivedAt: string;
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
    const cell = CELLS[header.name];
    return cell === undefined ? header : { ...header, cellFormatter: cell };
  });
  return { ...table, displayedHeaders };
}

const CELLS: Record<string, (row: Row) => React.ReactNode> = {
  // Overdue stands with the status: the column of the time itself is out of sight on a narrow screen.
  stage: (row) => (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <StageBadge stage={row.stage} />
      {isOverdue(row, new Date()) && <OverdueBadge />}
    </Flex>
  ),
  receivedAt: ({ receivedAt }) => <Moment iso={receivedAt} />,
  dueAt: ({ dueAt }) => <Moment iso={dueAt} />,
};

function Moment({ iso }: { iso: string | null }) {
  return <Typography textColor="neutral800">{iso === null ? '-' : moment(iso)}</Typography>;
}
