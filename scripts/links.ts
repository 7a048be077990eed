import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { marked, type Token } from 'marked';
import { root } from './settings.ts';

/** Links in our own Markdown pages that lead to no file or heading, one message each. */
export function deadDocLinks(folder: string = root): string[] {
  return globSync(['*.md', 'docs/**/*.md', '*/*.md'], {
    cwd: folder,
    exclude: (name) => name === 'node_modules',
  })
    .filter((page) => !page.split(/[\\/]/).some((part) => part.startsWith('.') || part === 'node_modules'))
    .flatMap((page) => deadLinksOf(folder, page));
}

function deadLinksOf(folder: string, page: string): string[] {
  const source = join(folder, page);
  return targetsOf(readFileSync(source, 'utf8'))
    .filter((target) => !/^[a-z][a-z\d+.-]*:|^\/\//i.test(target))
    .flatMap((target) => {
      const [path = '', anchor = ''] = target.split('#');
      const file = path === '' ? source : join(dirname(source), decodeURIComponent(path));
      if (!existsSync(file))
        return [`${page}: "${target}" leads to ${relative(folder, file)}, which does not exist.`];
      if (anchor === '' || !file.endsWith('.md')) return [];
      return headingIds(readFileSync(file, 'utf8')).has(anchor)
        ? []
        : [`${page}: "${target}" leads to a heading that ${relative(folder, file)} does not have.`];
    });
}

function targetsOf(markdown: string): string[] {
  return tokensOf(markdown).flatMap((token) =>
    (token.type === 'link' || token.type === 'image') && 'href' in token ? [String(token.href)] : [],
  );
}

/** The ids that GitHub gives to headings. */
function headingIds(markdown: string): Set<string> {
  const ids = new Set<string>();
  for (const token of tokensOf(markdown)) {
    if (token.type !== 'heading' || !('text' in token)) continue;
    const base = String(token.text)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    let id = base;
    for (let count = 1; ids.has(id); count += 1) id = `${base}-${count}`;
    ids.add(id);
  }
  return ids;
}

function tokensOf(markdown: string): Token[] {
  const tokens: Token[] = [];
  // The callback's results are collected by marked only to be awaited; these are not promises.
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    tokens.push(token);
  });
  return tokens;
}
