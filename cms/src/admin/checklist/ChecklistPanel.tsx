import type { PanelComponent } from '@strapi/content-manager/strapi-admin';
import { Loader } from '@strapi/design-system';
import { lazy, Suspense } from 'react';
import { hasDrafts } from '../publishing/models.ts';

/** The rules come with parsers, which only who edits needs. */
const Checklist = lazy(() => import('./Checklist.tsx'));

/** The panel that lists, while somebody types, what blocks publishing and what is advised. */
export const ChecklistPanel: PanelComponent = ({ model, documentId, document, activeTab }) => {
  if (activeTab !== 'draft' || !hasDrafts(model)) return null;
  const version = [document?.updatedAt, document?.publishedAt].join(' ');
  return {
    title: 'Checklist',
    content: (
      <Suspense fallback={<Loader small>Reading the entry</Loader>}>
        <Checklist model={model} documentId={documentId ?? document?.documentId ?? ''} version={version} />
      </Suspense>
    ),
  };
};
