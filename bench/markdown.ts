/** What the CMS sends of an article, as far as a Markdown file can hold it. */
interface RawArticle {
  readonly documentId?: string;
  readonly slug?: string;
  readonly title?: string;
  readonly summary?: string;
  readonly sections?: readonly RawSection[];
  readonly references?: readonly {
    readonly title: string;
    readonly publisher: string;
    readonly url: string;
  }[];
}

interface RawSection {
  readonly heading?: string | null;
  readonly body?: string;
  readonly text?: string | null;
  readonly doItems?: readonly { readonly text: string }[];
  readonly dontItems?: readonly { readonly text: string }[];
  readonly questions?: readonly { readonly question: string; readonly answer: string }[];
}

/**
 * An article as one Markdown file with front matter: all of its text, without pictures and relations.
 *
 * @param raw a published article as the CMS sends it
 */
export function asMarkdown(raw: RawArticle): { slug: string; text: string } {
  const { slug = '', title = '', summary = '', sections = [], references = [] } = raw;
  // JSON strings are YAML too.
  const head = Object.entries({ title, summary }).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const parts = [
    ['---', ...head, `permalink: /articles/${slug}/`, '---'].join('\n'),
    ...sections.map(sectionText),
    '## References',
    references
      .map((item, index) => `${index + 1}. [${item.title}](${item.url}), ${item.publisher}`)
      .join('\n'),
  ];
  return { slug, text: `${parts.filter(Boolean).join('\n\n')}\n` };
}

function sectionText(section: RawSection): string {
  const { heading, body, text, doItems = [], dontItems = [], questions = [] } = section;
  return [
    heading ? `## ${heading}` : '',
    body ?? '',
    text ?? '',
    [...doItems, ...dontItems].map((item) => `- ${item.text}`).join('\n'),
    ...questions.map(({ question, answer }) => `### ${question}\n\n${answer}`),
  ]
    .filter(Boolean)
    .join('\n\n');
}
