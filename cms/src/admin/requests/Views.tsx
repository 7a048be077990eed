import { Flex } from '@strapi/design-system';
import { Link, useLocation } from 'react-router-dom';
import { styled } from 'styled-components';
import { listAddress, overdue, REQUEST, stageIs } from './addresses.ts';
import { STAGES } from './words.ts';

const ALL = 'all';
const OVERDUE = 'overdue';

/** Above the list of requests: narrows it down in one choice, also on a phone. */
export function Views() {
  const { pathname, search } = useLocation();
  if (!pathname.endsWith(REQUEST)) return null;
  const shown = viewOf(new URLSearchParams(search));
  const views = [
    { view: ALL, label: 'All', conditions: [] },
    { view: OVERDUE, label: 'Overdue', conditions: overdue(new Date()) },
    ...STAGES.map(({ stage, label }) => ({ view: stage, label, conditions: [stageIs(stage)] })),
  ];
  return (
    <Flex tag="nav" aria-label="Requests shown" gap={1} wrap="wrap">
      {views.map(({ view, label, conditions }) => (
        <View key={view} to={listAddress(...conditions)} aria-current={view === shown ? 'true' : undefined}>
          {label}
        </View>
      ))}
    </Flex>
  );
}

const View = styled(Link)`
  padding: 0.6rem 1.2rem;
  border: 1px solid transparent;
  border-radius: ${({ theme }) => theme.borderRadius};
  color: ${({ theme }) => theme.colors.neutral800};
  font-size: 1.4rem;
  line-height: 1.43;
  text-decoration: none;

  &:hover {
    background: ${({ theme }) => theme.colors.neutral150};
  }

  &[aria-current] {
    border-color: ${({ theme }) => theme.colors.primary200};
    background: ${({ theme }) => theme.colors.primary100};
    color: ${({ theme }) => theme.colors.primary700};
    font-weight: 600;
  }
`;

/** Which view an address of the list shows; a filter that is none of ours counts as none. */
function viewOf(query: URLSearchParams): string | null {
  const conditions = [...query].filter(([key]) => key.startsWith('filters'));
  if (conditions.length === 0) return ALL;
  if (conditions.some(([key]) => key.endsWith('[dueAt][$lt]'))) return OVERDUE;
  return conditions.find(([key]) => key.endsWith('[stage][$eq]'))?.[1] ?? null;
}
