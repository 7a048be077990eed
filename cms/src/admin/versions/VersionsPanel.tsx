import { Box, Button, Flex, Typography } from '@strapi/design-system';
import type { PanelComponent } from '@strapi/content-manager/strapi-admin';
import { useState } from 'react';
import type { VersionsAnswer } from '../../versions/answers.ts';
import { hasDrafts } from '../publishing/models.ts';
import { momentTexts } from '../publishing/times.ts';
import type { ShownEntry } from '../publishing/useEntryRefresh.ts';
import { useAnswer } from '../requests/useAnswer.ts';
import { VersionDialog } from './VersionDialog.tsx';

/** As many as are shown before a person asks for all. */
const FIRST = 5;

/** The panel beside an entry that lists what was published of it before. */
export const VersionsPanel: PanelComponent = ({ model, documentId, document, activeTab, collectionType }) => {
  const id = documentId ?? document?.documentId;
  if (activeTab === null || !hasDrafts(model) || id === undefined || id === '') return null;
  return {
    title: 'Versions',
    content: (
      <Versions
        entry={{ collectionType, model, documentId: id }}
        version={[document?.publishedAt, document?.updatedAt, document?.['status']].join(' ')}
      />
    ),
  };
};

/** @param version changes whenever the entry was saved or published */
function Versions({ entry, version }: { entry: ShownEntry; version: string }) {
  const path = `/meridian/versions/${entry.model}/${entry.documentId}`;
  const { data, failed } = useAnswer<VersionsAnswer>(path, version);
  const [all, setAll] = useState(false);
  if (data === null || data.versions.length === 0) {
    return (
      <Typography variant="pi" textColor="neutral600">
        {data !== null
          ? 'Nothing was published yet. Each publish keeps a version here.'
          : failed
            ? 'This could not be loaded. Reload the page.'
            : 'Loading …'}
      </Typography>
    );
  }
  const { versions, mayRestore, timeZone } = data;
  const whens = momentTexts(
    versions.map(({ at }) => at),
    timeZone,
    new Date(),
  );
  const shown = all ? versions : versions.slice(0, FIRST);
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      <Flex tag="ol" direction="column" alignItems="stretch" gap={3}>
        {shown.map(({ id, by }, index) => {
          const when = whens[index] ?? '';
          return (
            <Flex tag="li" key={id} gap={2} justifyContent="space-between" alignItems="flex-start">
              <Box flex="1 1 8rem">
                <Typography tag="p" fontWeight="bold" textColor="neutral800">
                  {`${when}${index === 0 ? ', the last one' : ''}`}
                </Typography>
                <Typography tag="p" variant="pi" textColor="neutral600">
                  {by === null ? 'by Meridian' : `by ${by}`}
                </Typography>
              </Box>
              <VersionDialog entry={entry} id={id} when={when} mayRestore={mayRestore} />
            </Flex>
          );
        })}
      </Flex>
      {shown.length < versions.length && (
        <Button
          variant="tertiary"
          size="S"
          onClick={() => {
            setAll(true);
          }}
        >
          {`Show all ${String(versions.length)}`}
        </Button>
      )}
    </Flex>
  );
}
