import { Box, Flex, Link, Loader, Typography } from '@strapi/design-system';
import { Link as RouterLink } from 'react-router-dom';
import type { ReleaseAnswer, ReleasedChange, SiteAnswer } from '../../publishing/answers.ts';
import { ConfirmedButton } from './ConfirmedButton.tsx';
import { StateBlock } from './StateBlock.tsx';
import { entryName, isUnderWay } from './state-text.ts';
import { momentTexts } from './times.ts';
import { usePolled } from './usePolled.ts';

/** Changes of one release that are named; the others are counted. */
const NAMED = 3;
const isBusy = ({ state }: SiteAnswer): boolean => isUnderWay(state);

/** The home widget: how the site stands, what went live lately, and the way back. */
export function SiteWidget() {
  const { answer, failed, refresh } = usePolled<SiteAnswer>('/meridian/publishing/site', '', isBusy);
  if (answer === null) {
    return failed ? (
      <Typography>You may not see this, or the CMS does not answer.</Typography>
    ) : (
      <Loader>Asking how the site stands</Loader>
    );
  }
  const { state, siteUrl, releases, timeZone, mayDecide } = answer;
  const whens = momentTexts(
    releases.map(({ liveAt }) => liveAt),
    timeZone,
    new Date(),
  );
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <StateBlock
        state={state}
        subject="site"
        timeZone={timeZone}
        mayDecide={mayDecide}
        pageUrl={siteUrl}
        onDecided={refresh}
      />
      {releases.length > 0 && (
        <Box>
          <Typography tag="h3" variant="sigma" textColor="neutral600">
            Last releases
          </Typography>
          <Flex tag="ol" direction="column" alignItems="stretch">
            {releases.map((release, index) => (
              <Release
                key={release.id}
                release={release}
                when={whens[index] ?? ''}
                mayGoBack={mayDecide && release.kept && !release.isLive}
                onDone={refresh}
              />
            ))}
          </Flex>
        </Box>
      )}
    </Flex>
  );
}

interface ReleaseProps {
  release: ReleaseAnswer;
  /** When it went live, in words. */
  when: string;
  mayGoBack: boolean;
  onDone: () => void;
}

function Release({ release, when, mayGoBack, onDone }: ReleaseProps) {
  const { id, isLive, wentBack, changes, by } = release;
  const more = changes.length - NAMED;
  return (
    <Flex
      tag="li"
      gap={3}
      wrap="wrap"
      justifyContent="space-between"
      alignItems="flex-start"
      paddingTop={3}
      paddingBottom={3}
      borderColor="neutral150"
      borderStyle="solid"
      borderWidth="1px 0 0"
    >
      <Box flex="1 1 16rem">
        <Typography fontWeight="bold" textColor="neutral800">
          {when}
          {isLive ? ', live now' : ''}
        </Typography>
        {changes.slice(0, NAMED).map((change) => (
          <Change key={`${change.typeName} ${change.editPath ?? change.title ?? ''}`} change={change} />
        ))}
        {changes.length === 0 && (
          <Typography tag="p" variant="pi" textColor="neutral600">
            {wentBack
              ? 'Somebody went back to this older release.'
              : 'No change of content that you may see.'}
          </Typography>
        )}
        {more > 0 && (
          <Typography tag="p" variant="pi" textColor="neutral600">
            and {more} more
          </Typography>
        )}
        {by.length > 0 && (
          <Typography tag="p" variant="pi" textColor="neutral600">
            by {by.join(', ')}
          </Typography>
        )}
      </Box>
      {mayGoBack && (
        <ConfirmedButton
          label="Go back to this"
          accessibleLabel={`Go back to the release of ${when}`}
          consequence={`Patients see the site as it was at ${when}, at once. It stays so, whatever is published, until somebody presses Resume.`}
          path="/meridian/publishing/rollback"
          body={{ id }}
          onDone={onDone}
        />
      )}
    </Flex>
  );
}

const ACTIONS: Record<ReleasedChange['action'], string> = {
  publish: 'published',
  unpublish: 'unpublished',
  delete: 'deleted',
  update: 'changed',
};

function Change({ change: { typeName, title, action, editPath } }: { change: ReleasedChange }) {
  const name = entryName(typeName, title);
  return (
    <Typography tag="p" textColor="neutral600">
      {editPath === null ? (
        name
      ) : (
        <Link tag={RouterLink} to={editPath}>
          {name}
        </Link>
      )}{' '}
      {ACTIONS[action]}
    </Typography>
  );
}
