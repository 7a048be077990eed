import { Box, Flex, Link, Typography } from '@strapi/design-system';
import { Link as RouterLink } from 'react-router-dom';
import type { EntryState } from '../../publishing/answers.ts';
import { ConfirmedButton } from './ConfirmedButton.tsx';
import { entryName, stateText, type Tone } from './state-text.ts';

interface Props {
  state: EntryState;
  subject: 'entry' | 'site';
  timeZone: string;
  mayDecide: boolean;
  /** Where patients see it; null while there is no page. */
  pageUrl: string | null;
  onDecided: () => void;
}

const COLOURS: Record<Tone, string> = {
  neutral: 'neutral500',
  secondary: 'secondary600',
  success: 'success600',
  warning: 'warning600',
  danger: 'danger600',
};

/** A state in words, with what can be done about it. Screen readers hear when it changes. */
export function StateBlock({ state, subject, timeZone, mayDecide, pageUrl, onDecided }: Props) {
  const { tone, title, detail } = stateText(state, { subject, timeZone, now: new Date() });
  const linked = subject === 'site' || state.name === 'live';
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      <Flex role="status" aria-live="polite" direction="column" alignItems="stretch" gap={1}>
        <Flex gap={2} alignItems="flex-start">
          <Box
            aria-hidden
            width="0.8rem"
            height="0.8rem"
            marginTop="0.6rem"
            shrink={0}
            hasRadius
            background={COLOURS[tone]}
          />
          <Typography variant="omega" fontWeight="bold" textColor="neutral800">
            {title}
          </Typography>
        </Flex>
        <Typography variant="pi" textColor="neutral600">
          {detail}
        </Typography>
      </Flex>
      {state.name === 'failed' && state.faults.length > 0 && (
        <Flex tag="ul" direction="column" alignItems="stretch" gap={2}>
          {state.faults.map(({ typeName, title: name, message, editPath }) => (
            <Box tag="li" key={`${typeName} ${name ?? ''} ${message}`}>
              {editPath === null ? (
                <Typography fontWeight="bold">{entryName(typeName, name)}</Typography>
              ) : (
                <Link tag={RouterLink} to={editPath}>
                  {entryName(typeName, name)}
                </Link>
              )}
              <Typography tag="p" variant="pi" textColor="neutral600">
                {message}
              </Typography>
            </Box>
          ))}
        </Flex>
      )}
      {pageUrl !== null && linked && (
        <Link href={pageUrl} isExternal>
          {subject === 'site' ? 'Open the site' : 'Open the page'}
        </Link>
      )}
      {state.name === 'waiting-for-approval' && mayDecide && (
        <ConfirmedButton
          label="Publish anyway"
          consequence={
            `Patients will see a site of ${String(state.after)} pages instead of ${String(state.before)}. ` +
            'Go on only if so much was meant to go.'
          }
          path="/meridian/publishing/approve"
          body={{ id: state.id }}
          onDone={onDecided}
        />
      )}
      {state.name === 'rolled-back' && mayDecide && (
        <ConfirmedButton
          label="Resume"
          consequence="Everything that is published now goes live with the next build, also what led to going back if nobody has mended it."
          path="/meridian/publishing/resume"
          body={{}}
          onDone={onDecided}
        />
      )}
      {(state.name === 'waiting-for-approval' || state.name === 'rolled-back') && !mayDecide && (
        <Typography variant="pi" textColor="neutral600">
          Somebody who may publish everything has to decide.
        </Typography>
      )}
    </Flex>
  );
}
