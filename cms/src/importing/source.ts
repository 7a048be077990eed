import type { Notes } from './notes.ts';

/** A picture as a source names it: an address, or a path beside the file. */
export interface PictureReference {
  address: string;
  alternativeText: string;
}

/** A category that becomes a topic. */
export interface TopicReference {
  name: string;
  /** Empty when the source has none. */
  summary: string;
}

/** One article or page as it was found, whatever the format: what every reader makes, and the writer takes. */
export interface Source {
  /** Stays the same from run to run. */
  id: string;
  type: 'article' | 'page';
  /** Where it was found, as people know it: a path or an address. */
  origin: string;
  /** The address that links in it are relative to, and by which others link to it. */
  address: string;
  title: string;
  /** Empty when the source names none. */
  slug: string;
  summary: string;
  html: string;
  /** Whether empty lines part paragraphs, as in WordPress. */
  looseText: boolean;
  topics: TopicReference[];
  /** Name of who wrote it; empty when nobody is named. */
  author: string;
  picture: PictureReference | null;
  /** Whether it was public; what was not is never published by an import. */
  isPublic: boolean;
  notes: Notes;
}
