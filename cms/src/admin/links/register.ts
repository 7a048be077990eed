import type { ContentManagerPlugin } from '@strapi/content-manager/strapi-admin';
import type { StrapiApp } from '@strapi/strapi/admin';
import type { ComponentType } from 'react';
import type { ListTable } from '../requests/ListCells.tsx';
import { AddressInput } from './AddressInput.tsx';
import { ADDRESS_INPUT, withLinkFields, type EditView } from './layout.tsx';
import { LinksPanel } from './LinksPanel.tsx';
import { withRedirectCells } from './ListCells.tsx';

/** Makes the input of addresses known. Call it in `register`. */
export function registerAddressInput(app: StrapiApp): void {
  app.addFields({ type: ADDRESS_INPUT, Component: AddressInput as ComponentType });
}

/** Puts the input and the button where links are written, and adds the side panel. Call it in `bootstrap`. */
export function addLinks(app: StrapiApp): void {
  const { addEditViewSidePanel } = app.getPlugin('content-manager')
    .apis as ContentManagerPlugin['config']['apis'];
  addEditViewSidePanel([LinksPanel]);
  app.registerHook('Admin/CM/pages/EditView/mutate-edit-view-layout', (view: EditView) =>
    withLinkFields(view),
  );
  app.registerHook('Admin/CM/pages/ListView/inject-column-in-table', (table: ListTable) =>
    withRedirectCells(table),
  );
}
