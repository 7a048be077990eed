import type { PanelComponent } from '@strapi/content-manager/strapi-admin';
import { Box, Flex, Link, Typography } from '@strapi/design-system';
import { Link as RouterLink } from 'react-router-dom';
import type { LinkingEntry, LinksAnswer } from '../../links/answers.ts';
import { entryName } from '../publishing/state-text.ts';
import { useAnswer } from '../requests/useAnswer.ts';
import { REDIRECT } from './addresses.ts';

/** The panel that tells which published entries lead to this one, before somebody takes it away. */
export const LinksPanel: PanelComponent = ({ model, documentId, document }) => {
  const id = documentId ?? document?.documentId;
  const hasAddress = document !== undefined && ('slug' in document || model === REDIRECT);
  if (!model.startsWith('api::') || !hasAddress || id === undefined || id === '' || id === 'create')
    return null;
  const version = [document.updatedAt, document.publishedAt, document['status']].join(' ');
  return { title: 'Linked from', content: <Links type={model} documentId={id} version={version} /> };
};

/** @param version changes whenever the entry was saved or published */
function Links({ type, documentId, version }: { type: string; documentId: string; version: string }) {
  const { data, failed } = useAnswer<LinksAnswer>(`/meridian/links/to/${type}/${documentId}`, version);
  if (data === null) {
    return (
      <Typography variant="pi" textColor="neutral600">
        {failed ? 'You may not see this, or the CMS does not answer.' : 'Looking for links'}
      </Typography>
    );
  }
  const { linkedFrom, oldAddresses, notes } = data;
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      {notes.map((note) => (
        <Box key={note} background="warning100" hasRadius padding={3}>
          <Typography variant="pi" textColor="neutral800">
            {note}
          </Typography>
        </Box>
      ))}
      {linkedFrom.length === 0 ? (
        <Typography variant="pi" textColor="neutral600">
          No published page links here.
        </Typography>
      ) : (
        <>
          <Flex tag="ul" direction="column" alignItems="stretch" gap={2}>
            {linkedFrom.map((entry) => (
              <Box tag="li" key={`${entry.typeName} ${entry.editPath ?? entry.title}`}>
                <Linking entry={entry} />
              </Box>
            ))}
          </Flex>
          <Typography variant="pi" textColor="neutral600">
            Take these links out before you take this away.
          </Typography>
        </>
      )}
      {oldAddresses.length > 0 && (
        <Box>
          <Typography tag="h3" variant="sigma" textColor="neutral600">
            Old addresses that lead here
          </Typography>
          <Flex tag="ul" direction="column" alignItems="stretch" gap={1}>
            {oldAddresses.map(({ from, editPath }) => (
              <Box tag="li" key={from} style={{ overflowWrap: 'anywhere' }}>
                <Link tag={RouterLink} to={editPath}>
                  {from}
                </Link>
              </Box>
            ))}
          </Flex>
        </Box>
      )}
    </Flex>
  );
}

function Linking({ entry: { typeName, title, editPath } }: { entry: LinkingEntry }) {
  const name = entryName(typeName, title);
  return editPath === null ? (
    <Typography variant="pi">{name}</Typography>
  ) : (
    <Link tag={RouterLink} to={editPath}>
      {name}
    </Link>
  );
}
