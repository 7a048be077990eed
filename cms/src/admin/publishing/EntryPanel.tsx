import { Loader, Typography } from '@strapi/design-system';
import type { PanelComponent } from '@strapi/content-manager/strapi-admin';
import type { EntryAnswer } from '../../publishing/answers.ts';
import { REQUEST } from '../requests/addresses.ts';
import { StateBlock } from './StateBlock.tsx';
import { isUnderWay } from './state-text.ts';
import { usePolled } from './usePolled.ts';

/** The panel beside Publish: where the entry stands on its way to patients. */
export const EntryPanel: PanelComponent = ({ model, documentId, document, activeTab }) => {
  if (activeTab === null || !model.startsWith('api::') || model === REQUEST) return null;
  const id = documentId ?? document?.documentId;
  const version = [document?.updatedAt, document?.publishedAt, document?.['status']].join(' ');
  return {
    title: 'On the site',
    content:
      id === undefined || id === '' ? (
        <Typography variant="pi" textColor="neutral600">
          Not saved yet. Patients see nothing of it.
        </Typography>
      ) : (
        <EntryStanding type={model} documentId={id} version={version} />
      ),
  };
};

const isBusy = ({ state }: EntryAnswer): boolean => isUnderWay(state);

/** @param version changes whenever the entry was saved or published */
function EntryStanding({ type, documentId, version }: { type: string; documentId: string; version: string }) {
  const path = `/meridian/publishing/entries/${type}/${documentId}`;
  const { answer, failed, refresh } = usePolled<EntryAnswer>(path, version, isBusy);
  if (answer === null) {
    return failed ? <NoAnswer /> : <Loader small>Asking where this entry stands</Loader>;
  }
  return (
    <>
      <StateBlock {...answer} subject="entry" onDecided={refresh} />
      {failed && <NoAnswer />}
    </>
  );
}

function NoAnswer() {
  return (
    <Typography variant="pi" textColor="danger600">
      The CMS does not answer. This is tried again by itself.
    </Typography>
  );
}
