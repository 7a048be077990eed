import { readEntryLink } from '@meridian/shared-types/entry-links';
import { Flex, Typography } from '@strapi/design-system';
import type { ListTable } from '../requests/ListCells.tsx';
import { REDIRECT } from './addresses.ts';
import { TargetState } from './TargetState.tsx';
import { useTarget } from './useTarget.ts';

/** Names the page that a redirect leads to; leaves the lists of other types alone. */
export function withRedirectCells(table: ListTable): ListTable {
  if (!window.location.pathname.includes(REDIRECT)) return table;
  const displayedHeaders = table.displayedHeaders.map((header) =>
    header.name === 'to'
      ? { ...header, cellFormatter: (row: object) => <LeadsTo address={addressOf(row)} /> }
      : header,
  );
  return { ...table, displayedHeaders };
}

function addressOf(row: object): string {
  return 'to' in row && typeof row.to === 'string' ? row.to : '';
}

function LeadsTo({ address }: { address: string }) {
  return readEntryLink(address) === null ? (
    <Typography textColor="neutral800">{address}</Typography>
  ) : (
    <Named link={address} />
  );
}

function Named({ link }: { link: string }) {
  const { data } = useTarget(link);
  if (data === null) return <Typography textColor="neutral600">{link}</Typography>;
  return (
    <Flex gap={2}>
      <Typography textColor="neutral800" ellipsis>
        {data.target?.title ?? link}
      </Typography>
      <TargetState target={data.target} />
    </Flex>
  );
}
