/** Generates hostile Markdown of every class that the pipeline must withstand, the same for the same seed. */

type Random = () => number;

const schemes = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'javascript&colon;alert(1)',
  '&#106;avascript:alert(1)',
  '&#x6A;&#x61;vascript:alert(1)',
  '&#0000106avascript:alert(1)',
  'javascript%3Aalert(1)',
  '\u0001javascript:alert(1)',
  'vbscript:msgbox(1)',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'feed:javascript:alert(1)',
  'file:///etc/passwd',
  '//evil.example/x',
  '/\\evil.example/x',
  '/&#47;evil.example',
  '\\\\evil.example',
  'https://clinic.example@evil.example/',
  'https:&#47;&#47;user:pass@evil.example/',
  'blob:https://evil.example/1',
];

const tags = [
  '<script>alert(1)</script>',
  '<ScRiPt src=//evil.example></sCrIpT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="x`><script>alert(1)</script>">',
  '<svg/onload=alert(1)>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object>',
  '<embed src=javascript:alert(1)>',
  '<base href=//evil.example>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<link rel=stylesheet href=//evil.example>',
  '<style>@import "//evil.example"</style>',
  '<form action=javascript:alert(1)><button>go</button></form>',
  '<details open ontoggle=alert(1)>',
  '<a href="javascript:alert(1)" onclick=alert(1) style="position:fixed">x</a>',
  '<p id="main" class="x" style="background:url(javascript:alert(1))">',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<textarea></textarea><script>alert(1)</script>',
  '<!--><script>alert(1)</script>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml version="1.0"?><script>alert(1)</script>',
  '</p></div></main><script>alert(1)</script>',
  '<isindex action=javascript:alert(1)>',
  '<custom-element onfocus=alert(1) tabindex=1 autofocus>',
];

const odd = [
  '\u0000',
  '\uD800',
  '\uDFFF',
  '\u202E',
  '\u2066',
  '\uFEFF',
  '\u2028',
  '\r',
  '\t',
  '&',
  '<',
  '>',
  '"',
  "'",
  '`',
];
const marks = [
  '*',
  '_',
  '`',
  '[',
  ']',
  '(',
  ')',
  '!',
  '#',
  '>',
  '-',
  '|',
  '~',
  '\\',
  '\n',
  '\n\n',
  '    ',
  '<',
  '&',
  ':',
  '^',
];

/** The nth document of a seed. */
export function hostileMarkdown(seed: number, number: number): string {
  const random = generator(seed * 100_003 + number);
  const parts = 1 + Math.floor(random() * 12);
  return Array.from({ length: parts }, () => pick(random, classes)(random)).join(
    pick(random, ['', ' ', '\n', '\n\n']),
  );
}

const classes: readonly ((random: Random) => string)[] = [
  (random) => `[${label(random)}](${pick(random, schemes)})`,
  (random) => `[${label(random)}](<${pick(random, schemes)}> "${pick(random, tags)}")`,
  (random) => `![${label(random)}](${pick(random, schemes)})`,
  (random) => `![${pick(random, tags)}](/uploads/a.png "${pick(random, tags)}")`,
  (random) => `<${pick(random, schemes)}>`,
  (random) => `[x][a]\n\n[a]: ${pick(random, schemes)} "${pick(random, tags)}"\n`,
  (random) => `[^1]\n\n[^1]: ${pick(random, tags)} [y](${pick(random, schemes)})\n`,
  (random) => `[^${pick(random, ['"><script>', "'onload=alert(1)", '1'])}] text`,
  (random) => pick(random, tags),
  (random) => mutated(random, pick(random, tags)),
  (random) => mutated(random, `[x](${pick(random, schemes)})`),
  (random) => `\n# ${pick(random, tags)}\n\n## "id onmouseover=alert(1)\n`,
  (random) =>
    `\n| ${pick(random, tags)} | b |\n|:-:|--|\n| ${pick(random, tags)} | [x](${pick(random, schemes)}) |\n`,
  (random) =>
    `\n\`\`\`${pick(random, ['html', '"onload=alert(1)', '<script>'])}\n${pick(random, tags)}\n\`\`\`\n`,
  (random) => `\`${pick(random, tags)}\``,
  (random) => `\n${'>'.repeat(Math.floor(random() * 40))} ${pick(random, tags)}\n`,
  (random) => `\n${'  '.repeat(Math.floor(random() * 30))}- ${pick(random, tags)}\n`,
  (random) => pick(random, marks).repeat(Math.floor(random() * 300)),
  (random) => Array.from({ length: 30 }, () => pick(random, marks)).join(''),
  (random) => Array.from({ length: 20 }, () => pick(random, odd)).join(''),
  (random) => `${'x'.repeat(Math.floor(random() * 5_000))}${pick(random, tags)}`,
  (random) =>
    `www.evil.example/"onmouseover=alert(1) https://a.example/<script> a@b.example"><svg/onload=alert(1)>`.slice(
      Math.floor(random() * 20),
    ),
];

function label(random: Random): string {
  return pick(random, [
    'click',
    '**bold**',
    '![i](javascript:alert(1))',
    '" onclick="alert(1)',
    '</a><script>',
    '',
  ]);
}

/** Puts an odd character somewhere, doubles a part, or takes a part out. */
function mutated(random: Random, text: string): string {
  const at = Math.floor(random() * text.length);
  const until = at + Math.floor(random() * 6);
  const insert = pick(random, ['', pick(random, odd), pick(random, marks), text.slice(at, until).repeat(2)]);
  return text.slice(0, at) + insert + text.slice(random() < 0.5 ? at : until);
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}

/** Mulberry32: small, and the same on every machine. */
function generator(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
