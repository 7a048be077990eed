import { Box, Button, Flex, Modal, Tabs, Typography } from '@strapi/design-system';
import { getFetchClient, useForm } from '@strapi/strapi/admin';
import { useState } from 'react';
import type { Against, DifferencesAnswer, RestoredAnswer } from '../../versions/answers.ts';
import { messageOf } from '../publishing/message-of.ts';
import { useEntryRefresh, type ShownEntry } from '../publishing/useEntryRefresh.ts';
import { useAnswer } from '../requests/useAnswer.ts';
import { DifferenceList } from './DifferenceList.tsx';

interface Props {
  entry: ShownEntry;
  id: number;
  /** When it was published, in words. */
  when: string;
  mayRestore: boolean;
}

/** A button that opens one version: what it changed, how the draft differs from it, and the way back. */
export function VersionDialog({ entry, id, when, mayRestore }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <Modal.Root open={open} onOpenChange={setOpen}>
      <Modal.Trigger>
        <Button variant="tertiary" size="S" aria-label={`Open the version of ${when}`}>
          Open
        </Button>
      </Modal.Trigger>
      <Modal.Content>
        <Modal.Header>
          <Modal.Title>{`Version of ${when}`}</Modal.Title>
        </Modal.Header>
        {open && (
          <Opened
            path={`/meridian/versions/${entry.model}/${entry.documentId}/${String(id)}`}
            entry={entry}
            when={when}
            mayRestore={mayRestore}
          />
        )}
      </Modal.Content>
    </Modal.Root>
  );
}

function Opened({ path, entry, when, mayRestore }: Omit<Props, 'id'> & { path: string }) {
  const [against, setAgainst] = useState<Against>('before');
  const [restored, setRestored] = useState<RestoredAnswer | null>(null);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const modified = useForm('VersionDialog', (form) => form.modified);
  const refreshEntry = useEntryRefresh(entry);
  const restore = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const { data } = await getFetchClient().post<RestoredAnswer>(`${path}/restore`, {});
      setRestored(data);
      refreshEntry();
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };
  if (restored !== null) return <Restored restored={restored} when={when} />;
  return (
    <>
      <Modal.Body>
        <Tabs.Root
          value={against}
          onValueChange={(value: string) => {
            setAgainst(value === 'draft' ? 'draft' : 'before');
          }}
        >
          <Tabs.List aria-label="Compare">
            <Tabs.Trigger value="before">What it changed</Tabs.Trigger>
            <Tabs.Trigger value="draft">What the draft has now</Tabs.Trigger>
          </Tabs.List>
          <Tabs.Content value={against}>
            <Differences path={path} against={against} />
          </Tabs.Content>
        </Tabs.Root>
        {error !== undefined && (
          <Box role="alert" background="danger100" padding={3} hasRadius>
            <Typography textColor="danger700">{error}</Typography>
          </Box>
        )}
      </Modal.Body>
      <Modal.Footer>
        <Modal.Close>
          <Button variant="tertiary">Close</Button>
        </Modal.Close>
        {mayRestore && (
          <Flex gap={3} wrap="wrap" justifyContent="flex-end">
            {modified && (
              <Typography variant="pi" textColor="neutral600">
                Save or discard what you changed first.
              </Typography>
            )}
            <Button onClick={() => void restore()} loading={busy} disabled={modified}>
              Restore as draft
            </Button>
          </Flex>
        )}
      </Modal.Footer>
    </>
  );
}

function Differences({ path, against }: { path: string; against: Against }) {
  const { data, failed } = useAnswer<DifferencesAnswer>(`${path}?against=${against}`, '');
  if (data === null) {
    return (
      <Box padding={4}>
        <Typography textColor="neutral600">
          {failed ? 'This could not be loaded. Close this and open it again.' : 'Comparing …'}
        </Typography>
      </Box>
    );
  }
  return (
    <Box paddingTop={4}>
      <DifferenceList answer={data} against={against} />
    </Box>
  );
}

function Restored({ restored: { gone }, when }: { restored: RestoredAnswer; when: string }) {
  return (
    <>
      <Modal.Body>
        <Flex role="status" direction="column" alignItems="stretch" gap={4}>
          <Typography textColor="neutral800">
            {`The draft is now as it was published at ${when}. Patients see no difference until you publish it.`}
          </Typography>
          {gone.length > 0 && (
            <Box background="warning100" padding={4} hasRadius>
              <Typography tag="h3" fontWeight="bold" textColor="warning700">
                What could not be brought back
              </Typography>
              <ul>
                {gone.map((sentence) => (
                  <Typography tag="li" key={sentence} textColor="neutral800">
                    {sentence}
                  </Typography>
                ))}
              </ul>
            </Box>
          )}
        </Flex>
      </Modal.Body>
      <Modal.Footer>
        <Modal.Close>
          <Button>Show the draft</Button>
        </Modal.Close>
      </Modal.Footer>
    </>
  );
}
