import { Box, Flex, Typography } from '@strapi/design-system';
import type { OnTheWay as State } from '../../requests/on-the-way.ts';
import { moment, SET_ASIDE } from './words.ts';

/** A site server hands over within seconds; what waits for longer is worth a word. */
const SOON = 2 * 60_000;
const NAMED = 5;

/** What patients sent and what is not in the list yet. Says nothing while all is well. */
export function OnTheWay({ state }: { state: State }) {
  const { setAside, waiting, locked, silent } = state;
  const late = waiting.since !== null && Date.now() - new Date(waiting.since).getTime() > SOON;
  return (
    <>
      {setAside.length > 0 && (
        <Box background="danger100" padding={3} hasRadius>
          <Typography tag="h3" variant="omega" fontWeight="bold" textColor="danger700">
            {setAside.length === 1
              ? 'One request did not arrive here'
              : `${String(setAside.length)} requests did not arrive here`}
          </Typography>
          <Flex tag="ul" direction="column" alignItems="flex-start" gap={1} paddingTop={2} paddingBottom={2}>
            {setAside.slice(0, NAMED).map(({ reference, reason, since }) => (
              <Typography tag="li" key={`${reference} ${reason}`} textColor="neutral800">
                {`${reference}: ${SET_ASIDE[reason]}, ${moment(since)}`}
              </Typography>
            ))}
            {setAside.length > NAMED && (
              <Typography tag="li" textColor="neutral800">
                {`and ${String(setAside.length - NAMED)} more`}
              </Typography>
            )}
          </Flex>
          <Typography textColor="neutral800">
            A patient may call with such a reference. Tell whoever runs the server: it lies there, encrypted.
          </Typography>
        </Box>
      )}
      {(late || locked > 0) && (
        <Warning>
          {`${counted(waiting.count)} on the site${waiting.since === null ? '' : ` since ${moment(waiting.since)}`} and not here yet. ` +
            (locked > 0
              ? `${String(locked)} of them need a former key: tell whoever runs the server.`
              : 'Nothing is lost, and it is tried again. If this stays, tell whoever runs the server.')}
        </Warning>
      )}
      {silent > 0 && (
        <Warning>
          The site does not say whether requests wait there. Patients may be able to send some that are not
          here yet. If this stays, tell whoever runs the server.
        </Warning>
      )}
    </>
  );
}

/** Something that is not as it should be, and that no patient has lost anything by. */
export function Warning({ children }: { children: React.ReactNode }) {
  return (
    <Box background="warning100" padding={3} hasRadius>
      <Typography textColor="neutral800">{children}</Typography>
    </Box>
  );
}

function counted(count: number): string {
  return count === 1 ? 'One request waits' : `${String(count)} requests wait`;
}
