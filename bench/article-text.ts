/** One part of an article's body, as the content types know it. */
type Section =
  | { __component: 'section.rich-text'; heading: string; body: string }
  | { __component: 'section.call-out'; variant: 'info'; heading: string; body: string }
  | {
      __component: 'section.faq';
      heading: string;
      questions: { question: string; answer: string }[];
    };

/** An article without its relations. */
export interface ArticleText {
  readonly title: string;
  readonly slug: string;
  readonly summary: string;
  readonly sections: readonly Section[];
  readonly references: readonly { title: string; publisher: string; year: number; url: string }[];
}

const words = (
  'posture movement walking sitting standing muscle joint spine nerve rest sleep breath balance stretch strength daily ' +
  'routine visit question note comfort chair desk step morning evening week month small gentle slow steady careful ' +
  'different usual regular short long warm early later often sometimes keep try ask write feel notice change begin ' +
  'stop follow plan and with for from without before after during the a some each most many'
).split(' ');

/**
 * Makes the text of article `number`: invented filler of about 1,100 words with headings, lists, a table, links, a
 * call-out, questions and numbered references, the same on every machine.
 */
export function articleText(number: number): ArticleText {
  const random = randomNumbers(number);
  const pick = () => words[Math.floor(random() * words.length)] ?? 'rest';
  const sentence = (length: number) => {
    const text = Array.from({ length }, pick).join(' ');
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  };
  const paragraph = () => Array.from({ length: 4 }, () => sentence(10 + Math.floor(random() * 8))).join(' ');
  const heading = () => sentence(4).slice(0, -1);
  const richText = (body: string): Section => ({
    __component: 'section.rich-text',
    heading: heading(),
    body,
  });
  return {
    title: `Bench article ${number}: ${heading().toLowerCase()}`,
    slug: slugOf(number),
    summary: `${sentence(14)} ${sentence(12)}`,
    sections: [
      richText(`${paragraph()} [[1]](#reference-1)\n\n${paragraph()}`),
      richText(
        `${paragraph()}\n\n### ${heading()}\n\n${paragraph()}\n\n### ${heading()}\n\n**${pick()}** and *${pick()}*: ${paragraph()}`,
      ),
      richText(
        `${paragraph()}\n\n| ${pick()} | ${pick()} |\n| --- | --- |\n${Array.from({ length: 4 }, () => `| ${pick()} | ${sentence(9)} |`).join('\n')}\n\n${paragraph()} [[2]](#reference-2)`,
      ),
      richText(
        `${sentence(9)}\n\n${Array.from({ length: 6 }, () => `- **${pick()}.** ${sentence(12)}`).join('\n')}\n\n` +
          `See [another article](/articles/acupuncture-for-spine-pain/) and [visiting us](/consultation/). ${paragraph()}`,
      ),
      { __component: 'section.call-out', variant: 'info', heading: heading(), body: paragraph() },
      {
        __component: 'section.faq',
        heading: 'Frequently asked questions',
        questions: Array.from({ length: 3 }, () => ({
          question: `${heading()}?`,
          answer: paragraph(),
        })),
      },
      richText(`${paragraph()}\n\n${paragraph()} [[3]](#reference-3)`),
    ],
    references: [1, 2, 3].map((reference) => ({
      title: sentence(8),
      publisher: 'Bench',
      year: 2000 + reference,
      url: `https://example.org/${slugOf(number)}/${reference}`,
    })),
  };
}

export function slugOf(number: number): string {
  return `bench-article-${number}`;
}

/** Numbers from 0 to 1 that follow from a seed: the generator "mulberry32", in the public domain. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
