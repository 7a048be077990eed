import {
  Box,
  Button,
  Field,
  Flex,
  SingleSelect,
  SingleSelectOption,
  Typography,
} from '@strapi/design-system';
import type { PanelComponent } from '@strapi/content-manager/strapi-admin';
import { getFetchClient } from '@strapi/strapi/admin';
import { useState, type ChangeEvent, type KeyboardEvent } from 'react';
import type { ActionAnswer, PlannedAnswer, ScheduleAnswer } from '../../scheduling/answers.ts';
import { ConfirmedButton } from '../publishing/ConfirmedButton.tsx';
import { messageOf } from '../publishing/message-of.ts';
import { hasDrafts } from '../publishing/models.ts';
import { momentText } from '../publishing/times.ts';
import { usePolled } from '../publishing/usePolled.ts';

type Action = ActionAnswer['action'];

const WORDS: Record<Action, string> = { publish: 'Publish', unpublish: 'Unpublish' };

/** The panel in which an entry is planned to go out or to be taken away. */
export const SchedulePanel: PanelComponent = ({ model, documentId, document, activeTab }) => {
  const id = documentId ?? document?.documentId;
  if (activeTab === null || !hasDrafts(model) || id === undefined || id === '') return null;
  return { title: 'Schedule', content: <Schedule type={model} documentId={id} /> };
};

/** What is due soon is looked at often, for it changes by itself. */
const isNear = ({ actions }: ScheduleAnswer): boolean =>
  actions.some(({ state, dueAt }) => state === 'waiting' && Date.parse(dueAt) < Date.now() + 60_000);

function Schedule({ type, documentId }: { type: string; documentId: string }) {
  const path = `/meridian/schedule/entries/${type}/${documentId}`;
  const { answer, failed, refresh } = usePolled<ScheduleAnswer>(path, '', isNear);
  if (answer === null) {
    return (
      <Typography variant="pi" textColor="neutral600">
        {failed ? 'You may not see this, or the CMS does not answer.' : 'Asking what is planned'}
      </Typography>
    );
  }
  const { actions, timeZone, mayPlan } = answer;
  return (
    <Flex direction="column" alignItems="stretch" gap={4} width="100%">
      {actions.length > 0 && (
        <Flex tag="ul" direction="column" alignItems="stretch" gap={3}>
          {actions.map((action) => (
            <Planned key={action.id} action={action} timeZone={timeZone} mayPlan={mayPlan} onDone={refresh} />
          ))}
        </Flex>
      )}
      {actions.length === 0 && !mayPlan && (
        <Typography variant="pi" textColor="neutral600">
          Nothing is planned.
        </Typography>
      )}
      {mayPlan && <PlanForm type={type} documentId={documentId} timeZone={timeZone} onDone={refresh} />}
    </Flex>
  );
}

interface PlannedProps {
  action: ActionAnswer;
  timeZone: string;
  mayPlan: boolean;
  onDone: () => void;
}

function Planned({ action: { id, action, dueAt, scheduledByName, state, reason }, ...props }: PlannedProps) {
  const { timeZone, mayPlan, onDone } = props;
  const when = momentText(dueAt, timeZone, new Date());
  if (state === 'refused') {
    return (
      <Box tag="li">
        <Typography tag="p" fontWeight="bold" textColor="danger700">
          {WORDS[action]} at {when} was not done
        </Typography>
        <Typography tag="p" variant="pi" textColor="neutral700">
          {reason}
        </Typography>
      </Box>
    );
  }
  return (
    <Flex tag="li" gap={2} justifyContent="space-between" alignItems="flex-start" wrap="wrap">
      <Box flex="1 1 8rem">
        <Typography tag="p" fontWeight="bold" textColor="neutral800">
          {WORDS[action]} at {when}
        </Typography>
        <Typography tag="p" variant="pi" textColor="neutral600">
          by {scheduledByName}
        </Typography>
      </Box>
      {mayPlan && (
        <ConfirmedButton
          label="Cancel plan"
          accessibleLabel={`Cancel: ${WORDS[action]} at ${when}`}
          consequence={`The entry stays as it is at ${when}.`}
          path={`/meridian/schedule/actions/${String(id)}/cancel`}
          body={{}}
          onDone={onDone}
        />
      )}
    </Flex>
  );
}

interface PlanFormProps {
  type: string;
  documentId: string;
  timeZone: string;
  onDone: () => void;
}

function PlanForm({ type, documentId, timeZone, onDone }: PlanFormProps) {
  const [action, setAction] = useState<Action>('publish');
  const [localTime, setLocalTime] = useState('');
  const [error, setError] = useState<string>();
  const [doubled, setDoubled] = useState<PlannedAnswer | null>(null);
  const [busy, setBusy] = useState(false);

  const attempt = async (work: () => Promise<PlannedAnswer>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const planned = await work();
      setDoubled(planned.doubled ? planned : null);
      if (!planned.doubled) setLocalTime('');
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(false);
      onDone();
    }
  };

  const plan = async (which?: 'second'): Promise<PlannedAnswer> => {
    const wish = { type, documentId, action, localTime, ...(which === undefined ? {} : { which }) };
    const { data } = await getFetchClient().post<PlannedAnswer>('/meridian/schedule/actions', wish);
    return which === undefined ? data : { ...data, doubled: false };
  };

  const takeSecond = async (first: PlannedAnswer): Promise<PlannedAnswer> => {
    const planned = await plan('second');
    await getFetchClient().post(`/meridian/schedule/actions/${String(first.id)}/cancel`, {});
    return planned;
  };

  const submit = (): void => {
    if (localTime === '') setError('Choose a day and a time.');
    else void attempt(() => plan());
  };

  return (
    <Box role="group" aria-label="Schedule">
      <Flex direction="column" alignItems="stretch" gap={3}>
        <Field.Root>
          <Field.Label>What happens</Field.Label>
          <SingleSelect
            value={action}
            onChange={(value) => {
              setAction(value === 'unpublish' ? 'unpublish' : 'publish');
            }}
          >
            <SingleSelectOption value="publish">Publish</SingleSelectOption>
            <SingleSelectOption value="unpublish">Unpublish</SingleSelectOption>
          </SingleSelect>
        </Field.Root>
        <Field.Root hint={`On the clinic's clock (${timeZone}).`} error={error}>
          <Field.Label>When</Field.Label>
          <Field.Input
            type="datetime-local"
            size="S"
            // In the usual size the panel is too narrow for a whole date and time.
            style={{ fontSize: '1.2rem', paddingInline: '0.8rem' }}
            value={localTime}
            onChange={(event: ChangeEvent<HTMLInputElement>) => {
              setLocalTime(event.target.value);
              setDoubled(null);
            }}
            onKeyDown={(event: KeyboardEvent) => {
              if (event.key !== 'Enter') return;
              // The panel stands within the form of the entry, which Enter would save.
              event.preventDefault();
              submit();
            }}
          />
          <Field.Hint />
          <Field.Error />
        </Field.Root>
        {doubled !== null && (
          <Box role="status" background="warning100" padding={3} hasRadius>
            <Typography tag="p" variant="pi">
              Clocks go back then, so this time comes twice. It is planned for the first.
            </Typography>
            <Box paddingTop={2}>
              <Button variant="tertiary" size="S" onClick={() => void attempt(() => takeSecond(doubled))}>
                Take the second instead
              </Button>
            </Box>
          </Box>
        )}
        <Button onClick={submit} variant="secondary" loading={busy} fullWidth>
          Schedule
        </Button>
      </Flex>
    </Box>
  );
}
