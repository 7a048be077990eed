import type {
  ArticleView,
  ConsultationView,
  HomeView,
  PageFrame,
  PageView,
  Site,
  TopicView,
} from '../views.ts';

/** The page that shows a document, with what it shows. */
export type PreviewPage =
  /** `folder` of the site holds the pages of its entries, such as `providers`. */
  | { kind: 'catalog'; folder: string; view: PageFrame }
  | { kind: 'article'; view: ArticleView }
  | { kind: 'consultation'; view: ConsultationView }
  | { kind: 'home'; view: HomeView }
  | { kind: 'page'; view: PageView }
  | { kind: 'topic'; view: TopicView };

/** All that a preview shows. `version` changes with it. */
export interface ShownPreview {
  page: PreviewPage;
  site: Site;
  /** What the draft lacks, in sentences. */
  gaps: readonly string[];
  version: string;
}
