import { expect, test } from 'vitest';
import { documentId } from '../../../test/fake-cms.ts';
import { testEntries, testLibrary } from '../../../test/library.ts';
import { assembleSite } from '../assemble/site.ts';
import { provider } from './provider.ts';

const { library } = testLibrary(await testEntries());
const { site } = assembleSite(library);
const { list, entries } = provider.pages(site, library);

test('the list leads to the page of every entry', () => {
  expect(list.view.path).toBe('/providers/');
  expect(list.view.providers.map(({ href }) => href)).toEqual(entries.map(({ page }) => page.view.path));
});

test('pages are put together once for a library', () => {
  expect(provider.pages(site, library).list).toBe(list);
});

test('an entry has its page by document id, and there is none for an id that is not there', () => {
  const [first] = entries;
  expect(provider.page(documentId('provider', first?.slug ?? ''), site, library)?.view).toEqual(
    first?.page.view,
  );
  expect(provider.page('never-there', site, library)).toBeNull();
});
