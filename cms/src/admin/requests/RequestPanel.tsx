import { useState } from 'react';
import type { PanelComponent, PanelComponentProps } from '@strapi/content-manager/strapi-admin';
import {
  Box,
  Button,
  Divider,
  Field,
  Flex,
  Link,
  SingleSelect,
  SingleSelectOption,
  Typography,
} from '@strapi/design-system';
import {
  unstable_useDocumentActions as useDocumentActions,
  useFetchClient,
  useForm,
  useNotification,
  useRBAC,
} from '@strapi/strapi/admin';
import { Link as RouterLink } from 'react-router-dom';
import type { Surroundings } from '../../requests/overview.ts';
import { REQUEST, requestAddress } from './addresses.ts';
import { StageBadge } from './StageBadge.tsx';
import { useAnswer } from './useAnswer.ts';
import { changeInWords, isOverdue, moment, STAGES } from './words.ts';

const NOBODY = 'nobody';
const UPDATE = [{ action: 'plugin::content-manager.explorer.update', subject: REQUEST }];

/** The panel beside a consultation request: say how it went, see who did what. */
export const RequestPanel: PanelComponent = ({ model, documentId, document }: PanelComponentProps) => {
  if (model !== REQUEST || documentId === undefined || documentId === 'create') return null;
  return {
    title: 'This request',
    content: (
      <Panel
        documentId={documentId}
        version={String(document?.['updatedAt'] ?? '')}
        dueAt={textOf(document?.['dueAt'])}
      />
    ),
  };
};

function Panel({
  documentId,
  version,
  dueAt,
}: {
  documentId: string;
  version: string;
  dueAt: string | null;
}) {
  const { data, failed, reload } = useAnswer<Surroundings>(`/requests/${documentId}`, version);
  if (data === null) {
    return (
      <Typography textColor="neutral600">
        {failed ? 'This could not be loaded. Reload the page.' : 'Loading …'}
      </Typography>
    );
  }
  return (
    <Flex direction="column" alignItems="stretch" gap={4} width="100%">
      <Flex gap={2} wrap="wrap">
        <StageBadge stage={data.stage} />
        {isOverdue({ stage: data.stage, dueAt }, new Date()) && dueAt !== null && (
          <Typography
            variant="pi"
            textColor="danger700"
          >{`Answer was promised by ${moment(dueAt)}`}</Typography>
        )}
      </Flex>
      <StageActions documentId={documentId} stage={data.stage} />
      <Assignee documentId={documentId} data={data} reload={reload} />
      <Duplicates duplicates={data.duplicates} />
      <MailState mail={data.mail} />
      <Divider />
      <History history={data.history} />
    </Flex>
  );
}

function StageActions({ documentId, stage }: { documentId: string; stage: string }) {
  const { update } = useDocumentActions();
  const modified = useForm('RequestPanel', ({ modified }) => modified);
  const { allowedActions } = useRBAC(UPDATE);
  const [busy, setBusy] = useState(false);
  const mark = async (next: string): Promise<void> => {
    setBusy(true);
    // What went wrong is said by Strapi itself.
    await update(
      { collectionType: 'collection-types', model: REQUEST, documentId },
      { stage: next, documentId },
    );
    setBusy(false);
  };
  if (allowedActions['canUpdate'] !== true) return null;
  return (
    <Flex direction="column" alignItems="stretch" gap={2}>
      {STAGES.filter((each) => each.stage !== stage).map((each) => (
        <Button
          key={each.stage}
          variant={each.stage === 'spam' ? 'danger-light' : 'tertiary'}
          disabled={busy || modified}
          onClick={() => void mark(each.stage)}
          fullWidth
        >
          {each.action}
        </Button>
      ))}
      {modified && (
        <Typography variant="pi" textColor="neutral600">
          Save what you changed first, then the buttons work.
        </Typography>
      )}
    </Flex>
  );
}

function Assignee({
  documentId,
  data,
  reload,
}: {
  documentId: string;
  data: Surroundings;
  reload: () => void;
}) {
  const { put } = useFetchClient();
  const { toggleNotification } = useNotification();
  const assign = async (value: string): Promise<void> => {
    try {
      await put(`/requests/${documentId}/assignee`, { assignee: value === NOBODY ? null : Number(value) });
    } catch {
      toggleNotification({
        type: 'danger',
        message: 'The request could not be assigned. Reload the page and try again.',
      });
    }
    reload();
  };
  return (
    <Field.Root name="assignee">
      <Field.Label>Assigned to</Field.Label>
      <SingleSelect
        value={data.assignee === null ? NOBODY : String(data.assignee.id)}
        onChange={(value: string | number) => void assign(String(value))}
      >
        <SingleSelectOption value={NOBODY}>Nobody yet</SingleSelectOption>
        {data.people.map(({ id, name }) => (
          <SingleSelectOption key={id} value={String(id)}>
            {name}
          </SingleSelectOption>
        ))}
      </SingleSelect>
    </Field.Root>
  );
}

function Duplicates({ duplicates }: Pick<Surroundings, 'duplicates'>) {
  if (duplicates.length === 0) return null;
  return (
    <Box background="warning100" padding={3} hasRadius>
      <Typography tag="h3" variant="pi" fontWeight="bold" textColor="neutral800">
        Same phone or e-mail
      </Typography>
      <Flex tag="ul" direction="column" alignItems="flex-start" gap={2} paddingTop={2}>
        {duplicates.map(({ documentId, reference, name, stage, receivedAt }) => (
          <Box tag="li" key={documentId}>
            <Link tag={RouterLink} to={requestAddress(documentId)}>
              {`${reference} · ${name}`}
            </Link>
            <Flex gap={2} paddingTop={1}>
              <StageBadge stage={stage} />
              <Typography variant="pi" textColor="neutral700">
                {moment(receivedAt)}
              </Typography>
            </Flex>
          </Box>
        ))}
      </Flex>
    </Box>
  );
}

function MailState({ mail }: Pick<Surroundings, 'mail'>) {
  const { failure, sentAt, attempts, nextAt } = mail;
  if (failure === null || sentAt !== null) return null;
  return (
    <Box background="warning100" padding={3} hasRadius>
      <Typography variant="pi" textColor="neutral800">
        {`The e-mail about this request could not be sent after ${String(attempts)} attempt${attempts === 1 ? '' : 's'} (${failure}). ` +
          (nextAt === null ? '' : `Next attempt: ${moment(nextAt)}.`)}
      </Typography>
    </Box>
  );
}

function History({ history }: Pick<Surroundings, 'history'>) {
  return (
    <Box>
      <Typography tag="h3" variant="sigma" textColor="neutral600">
        History
      </Typography>
      {history.length === 0 ? (
        <Box paddingTop={2}>
          <Typography variant="pi" textColor="neutral600">
            Nobody has changed anything yet.
          </Typography>
        </Box>
      ) : (
        <Flex tag="ul" direction="column" alignItems="flex-start" gap={3} paddingTop={2}>
          {history.map(({ at, by, changes }, index) => (
            <Box tag="li" key={index}>
              <Typography tag="p" variant="pi" textColor="neutral600">
                {`${moment(at)}, ${by}`}
              </Typography>
              {changes.map((change) => (
                <Typography
                  tag="p"
                  key={change.field}
                  style={{ overflowWrap: 'anywhere' }}
                  textColor="neutral800"
                >
                  {changeInWords(change)}
                </Typography>
              ))}
            </Box>
          ))}
        </Flex>
      )}
    </Box>
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
