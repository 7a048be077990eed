import { assembleProvider, assembleProviderList } from '../assemble/pages.ts';
import { catalog } from './catalog.ts';

export const provider = catalog({
  entries: ({ providers }) => providers,
  assemble: assembleProvider,
  assembleList: assembleProviderList,
});
