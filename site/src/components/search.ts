/**
 * The search page at work. Pagefind, its index and its WebAssembly are fetched when the field is first used, so that
 * everyone else downloads nothing but this file. What it answers is checked and shown as text, never as HTML.
 */
import { searchEngineEvent, searchEnginePath } from '../paths.ts';

interface Found {
  url: string;
  excerpt: string;
  meta: { title?: string };
}

interface Pagefind {
  search(words: string): Promise<{ results: { data(): Promise<Found> }[] }>;
}

const shown = 20;

let loading: Promise<Pagefind> | null = null;

function isPagefind(value: unknown): value is Pagefind {
  return (
    typeof value === 'object' && value !== null && 'search' in value && typeof value.search === 'function'
  );
}

function load(): Promise<Pagefind> {
  loading ??= fetchEngine().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** Fetches the engine by an element: what a script adds so may run by the policy of the page, what it imports may not. */
async function fetchEngine(): Promise<Pagefind> {
  const element = document.createElement('script');
  element.type = 'module';
  element.src = searchEnginePath;
  const come = new Promise<unknown>((resolve, reject) => {
    addEventListener(
      searchEngineEvent,
      (event) => {
        resolve(event instanceof CustomEvent ? event.detail : null);
      },
      { once: true },
    );
    element.addEventListener('error', () => {
      reject(new TypeError(`${searchEnginePath} cannot be loaded`));
    });
  });
  document.head.append(element);
  const engine = await come;
  if (!isPagefind(engine)) throw new TypeError(`${searchEnginePath} has no search function`);
  return engine;
}

/** The words around a match: of the excerpt's elements only `<mark>` is kept. */
function excerptNodes(excerpt: string): Node[] {
  const { body } = new DOMParser().parseFromString(excerpt, 'text/html');
  return Array.from(body.childNodes, (node) => {
    const text = node.textContent ?? '';
    if (!(node instanceof Element) || node.localName !== 'mark') return document.createTextNode(text);
    const mark = document.createElement('mark');
    mark.textContent = text;
    return mark;
  });
}

function resultItem(found: Found): HTMLLIElement {
  const link = document.createElement('a');
  link.href = found.url;
  link.textContent = found.meta.title ?? found.url;
  const heading = document.createElement('h2');
  heading.append(link);
  const excerpt = document.createElement('p');
  excerpt.append(...excerptNodes(found.excerpt));
  const item = document.createElement('li');
  item.className = 'result card';
  item.append(heading, excerpt);
  return item;
}

function countText(count: number, words: string): string {
  if (count === 0) return `Nothing found for “${words}”. Try another word, or a topic below.`;
  if (count > shown) return `The first ${shown} of ${count} results for “${words}”`;
  return count === 1 ? `1 result for “${words}”` : `${count} results for “${words}”`;
}

function start(form: HTMLFormElement, field: HTMLInputElement, status: Element, list: Element): void {
  let latest = 0;

  async function show(words: string): Promise<void> {
    const turn = ++latest;
    status.textContent = 'Searching…';
    try {
      const { results } = await (await load()).search(words);
      const items = await Promise.all(
        results.slice(0, shown).map(async (result) => resultItem(await result.data())),
      );
      if (turn !== latest) return;
      list.replaceChildren(...items);
      status.textContent = countText(results.length, words);
    } catch {
      if (turn !== latest) return;
      list.replaceChildren();
      status.textContent = 'The search could not be loaded. Please try again, or choose a topic below.';
    }
  }

  form.hidden = false;
  field.addEventListener('focus', () => void load().catch(() => undefined), { once: true });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const words = field.value.trim();
    if (words === '') {
      field.focus();
      return;
    }
    history.replaceState(null, '', `?q=${encodeURIComponent(words)}`);
    void show(words);
  });

  const asked = new URLSearchParams(location.search).get('q')?.trim() ?? '';
  if (asked !== '') {
    field.value = asked;
    void show(asked);
  }
}

const form = document.querySelector<HTMLFormElement>('#search');
const field = document.querySelector<HTMLInputElement>('#q');
const status = document.querySelector('#search-status');
const list = document.querySelector('#search-results');
if (form !== null && field !== null && status !== null && list !== null) start(form, field, status, list);
