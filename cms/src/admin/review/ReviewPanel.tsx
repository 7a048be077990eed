import { Box, Button, Divider, Field, Flex, Textarea, Typography } from '@strapi/design-system';
import type { PanelComponent } from '@strapi/content-manager/strapi-admin';
import { getFetchClient, useForm } from '@strapi/strapi/admin';
import { useState, type ChangeEvent, type KeyboardEvent } from 'react';
import type { ReviewAnswer } from '../../review/answers.ts';
import { messageOf } from '../publishing/message-of.ts';
import { useEntryRefresh, type ShownEntry } from '../publishing/useEntryRefresh.ts';
import { useAnswer } from '../requests/useAnswer.ts';
import { ReviewLog } from './ReviewLog.tsx';
import { StandingBadge } from './StandingBadge.tsx';
import { ARTICLE, dayText } from './words.ts';

/** The panel in which a clinical reviewer approves an article, and Marketing says why it corrects a reviewed one. */
export const ReviewPanel: PanelComponent = ({ model, documentId, document, activeTab, collectionType }) => {
  const id = documentId ?? document?.documentId;
  if (activeTab === null || model !== ARTICLE || id === undefined || id === '') return null;
  return {
    title: 'Clinical review',
    content: (
      <Review
        entry={{ collectionType, model, documentId: id }}
        updatedAt={String(document?.updatedAt ?? '')}
        version={[document?.updatedAt, document?.publishedAt, document?.['status']].join(' ')}
      />
    ),
  };
};

interface ReviewProps {
  entry: ShownEntry;
  /** Of the draft that the person sees: nothing else is approved. */
  updatedAt: string;
  /** Changes whenever the entry was saved or published. */
  version: string;
}

/** Sends what a person decided, and gives whether it was done; else the reason shows. */
type Send = (action: string, body: object) => Promise<boolean>;

function Review({ entry, updatedAt, version }: ReviewProps) {
  const path = `/meridian/review/articles/${entry.documentId}`;
  const { data, failed, reload } = useAnswer<ReviewAnswer>(path, version);
  const refreshEntry = useEntryRefresh(entry);
  const modified = useForm('ReviewPanel', (form) => form.modified);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  if (data === null) {
    return (
      <Typography variant="pi" textColor="neutral600">
        {failed ? 'This could not be loaded. Reload the page.' : 'Loading …'}
      </Typography>
    );
  }
  const send: Send = async (action, body) => {
    setBusy(true);
    setError(undefined);
    try {
      await getFetchClient().post(`${path}/${action}`, body);
      reload();
      if (action === 'approve') refreshEntry();
      return true;
    } catch (failure) {
      setError(messageOf(failure));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const isReviewed = data.reviewer !== null && data.reviewedOn !== null;
  return (
    <Flex direction="column" alignItems="stretch" gap={4} width="100%">
      <State answer={data} />
      {data.whyNot !== null && (
        <Typography variant="pi" textColor="danger600">
          {data.whyNot}
        </Typography>
      )}
      {data.mayReview && (
        <ReviewForm
          key={`${data.suggestedDue} ${String(data.log[0]?.id ?? 0)}`}
          answer={data}
          send={(action, body) => send(action, { updatedAt, ...body })}
          busy={busy}
          modified={modified}
        />
      )}
      {data.mayCorrect && isReviewed && (data.needsReason || modified) && (
        <CorrectionForm key={data.correction} stated={data.correction} send={send} busy={busy} />
      )}
      {error !== undefined && (
        <Box role="alert" background="danger100" padding={3} hasRadius>
          <Typography variant="pi" textColor="danger700">
            {error}
          </Typography>
        </Box>
      )}
      <Divider />
      <ReviewLog log={data.log} timeZone={data.timeZone} />
    </Flex>
  );
}

function State({ answer }: { answer: ReviewAnswer }) {
  const { standing, reviewer, reviewedOn, nextReviewDue, isOverdue, waitsForPublish, isPublic } = answer;
  const isReviewed = reviewer !== null && reviewedOn !== null;
  return (
    <Flex role="status" direction="column" alignItems="flex-start" gap={2}>
      <StandingBadge standing={standing} />
      <Typography tag="p" textColor="neutral800">
        {isReviewed
          ? `Approved by ${reviewer} on ${dayText(reviewedOn)}.`
          : 'Nobody has approved this text yet, and its page says so.'}
      </Typography>
      {isReviewed && nextReviewDue !== null && (
        <Typography tag="p" variant="pi" textColor={isOverdue ? 'danger700' : 'neutral600'}>
          {isOverdue
            ? `The next review was due on ${dayText(nextReviewDue)}. Patients read the clinic's notice about it.`
            : `Next review due on ${dayText(nextReviewDue)}.`}
        </Typography>
      )}
      {standing === 'Changed since review' && (
        <Typography tag="p" variant="pi" textColor="warning700">
          {isPublic
            ? 'Patients read a text that differs from the approved one.'
            : 'The draft differs from the approved text.'}
        </Typography>
      )}
      {waitsForPublish && (
        <Typography tag="p" variant="pi" textColor="neutral600">
          This is the draft&apos;s review. Patients see it when the draft is published.
        </Typography>
      )}
    </Flex>
  );
}

/** The panel is narrow: a button of this many words takes two lines. */
const TWO_LINES = { height: 'auto', minHeight: '3.2rem', paddingBlock: '0.8rem' };

interface FormProps {
  send: Send;
  busy: boolean;
}

function ReviewForm({
  answer,
  send,
  busy,
  modified,
}: FormProps & { answer: ReviewAnswer; modified: boolean }) {
  const [due, setDue] = useState(answer.suggestedDue);
  const [note, setNote] = useState<string | null>(null);
  // An untouched suggestion is reckoned anew by the server, on the day that it is sent.
  const approval = { nextReviewDue: due === answer.suggestedDue || due === '' ? null : due };
  return (
    <Box role="group" aria-label="Your review">
      <Flex direction="column" alignItems="stretch" gap={3}>
        <Field.Root hint="Suggested from the topics or the clinic. Choose another day if you like.">
          <Field.Label>Next review due</Field.Label>
          <Field.Input
            type="date"
            value={due}
            onChange={(event: ChangeEvent<HTMLInputElement>) => {
              setDue(event.target.value);
            }}
            onKeyDown={(event: KeyboardEvent) => {
              // The panel stands within the form of the entry, which Enter would save.
              if (event.key === 'Enter') event.preventDefault();
            }}
          />
          <Field.Hint />
        </Field.Root>
        <Button
          onClick={() => void send('approve', approval)}
          loading={busy}
          disabled={modified}
          fullWidth
          variant="success"
          style={TWO_LINES}
        >
          Reviewed today, no change
        </Button>
        {note === null ? (
          <Button
            variant="tertiary"
            disabled={modified}
            fullWidth
            onClick={() => {
              setNote('');
            }}
          >
            Changes needed
          </Button>
        ) : (
          <>
            <NoteField
              label="What has to change?"
              hint="Marketing sees it here, with your name."
              value={note}
              onChange={setNote}
            />
            <Flex gap={2}>
              <Button onClick={() => void send('request-changes', { note })} loading={busy}>
                Send
              </Button>
              <Button
                variant="tertiary"
                onClick={() => {
                  setNote(null);
                }}
              >
                Cancel
              </Button>
            </Flex>
          </>
        )}
        <Typography variant="pi" textColor="neutral600">
          {modified
            ? 'Save what you changed first, then the buttons work.'
            : answer.isPublic
              ? 'Your approval is on the page within moments.'
              : 'You approve the draft. Patients see it when it is published.'}
        </Typography>
      </Flex>
    </Box>
  );
}

function CorrectionForm({ stated, send, busy }: FormProps & { stated: string | null }) {
  const [reason, setReason] = useState(stated ?? '');
  const [isOpen, setOpen] = useState(stated === null);
  if (!isOpen) {
    return (
      <Box background="success100" padding={3} hasRadius>
        <Typography tag="p" variant="pi" textColor="success700" style={{ overflowWrap: 'anywhere' }}>
          {`Reason for the correction: ${stated ?? ''}`}
        </Typography>
        <Flex paddingTop={2} gap={3} alignItems="center" justifyContent="space-between">
          <Typography variant="pi" textColor="neutral700">
            Now press Publish.
          </Typography>
          <Button
            variant="tertiary"
            size="S"
            onClick={() => {
              setOpen(true);
            }}
          >
            Change
          </Button>
        </Flex>
      </Box>
    );
  }
  return (
    <Box role="group" aria-label="Correction">
      <Flex direction="column" alignItems="stretch" gap={3}>
        <NoteField
          label="Reason for the correction"
          hint="A reviewed text that was changed is published with a reason, which the history keeps. Or ask for a new review."
          value={reason}
          onChange={setReason}
        />
        <Button
          variant="secondary"
          loading={busy}
          fullWidth
          onClick={() => void send('correction', { reason })}
        >
          State the reason
        </Button>
      </Flex>
    </Box>
  );
}

interface NoteProps {
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
}

function NoteField({ label, hint, value, onChange }: NoteProps) {
  return (
    <Field.Root hint={hint}>
      <Field.Label>{label}</Field.Label>
      <Textarea
        value={value}
        maxLength={2000}
        onChange={(event: ChangeEvent<HTMLTextAreaElement>) => {
          onChange(event.target.value);
        }}
      />
      <Field.Hint />
    </Field.Root>
  );
}
