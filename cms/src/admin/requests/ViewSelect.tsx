import { SingleSelect, SingleSelectOption } from '@strapi/design-system';
import { useLocation, useNavigate } from 'react-router-dom';
import { listAddress, overdue, REQUEST, stageIs } from './addresses.ts';
import { STAGES } from './words.ts';

const ALL = 'all';
const OVERDUE = 'overdue';

/** Above the list of requests: narrows it down in one choice, also on a phone. */
export function ViewSelect() {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  if (!pathname.endsWith(REQUEST)) return null;
  const show = (view: string): void => {
    const conditions = view === ALL ? [] : view === OVERDUE ? overdue(new Date()) : [stageIs(view)];
    navigate(listAddress(...conditions));
  };
  return (
    <SingleSelect
      size="S"
      aria-label="Show"
      value={viewOf(new URLSearchParams(search))}
      onChange={(view: string | number) => {
        show(String(view));
      }}
    >
      <SingleSelectOption value={ALL}>All requests</SingleSelectOption>
      <SingleSelectOption value={OVERDUE}>Overdue</SingleSelectOption>
      {STAGES.map(({ stage, label }) => (
        <SingleSelectOption key={stage} value={stage}>
          {label}
        </SingleSelectOption>
      ))}
    </SingleSelect>
  );
}

function viewOf(query: URLSearchParams): string {
  const conditions = [...query].filter(([key]) => key.startsWith('filters'));
  if (conditions.some(([key]) => key.endsWith('[dueAt][$lt]'))) return OVERDUE;
  const stage = conditions.find(([key]) => key.endsWith('[stage][$eq]'));
  return stage?.[1] ?? ALL;
}
