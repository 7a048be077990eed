/** Milliseconds that a section may take to open. */
const PATIENCE = 2000;
const LOOK_EVERY = 50;
/** Elements between the label of an editor of Markdown and the one that holds both. */
const EDITOR_WITHIN = 4;

/**
 * Brings a field into view and puts the cursor into it, once it is there: a section that is closed opens only after
 * the form was told of an error in it (`errorsAt`).
 *
 * @param path of the field, such as `sections.2.body`
 * @param label of the field, as the form shows it
 */
export async function focusField(path: string, label: string | null): Promise<void> {
  for (let waited = 0; waited <= PATIENCE; waited += LOOK_EVERY) {
    const target = findField(path, label);
    if (target !== null && !isOpening(target)) {
      target.scrollIntoView({ block: 'center' });
      target.focus({ preventScroll: true });
      if (document.activeElement === target) return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  // What cannot be found by itself lies in its section.
  const section = sectionItem(path);
  section?.scrollIntoView({ block: 'center' });
  section?.querySelector('button')?.focus({ preventScroll: true });
}

function findField(path: string, label: string | null): HTMLElement | null {
  const named = document.querySelector<HTMLElement>(`[name="${CSS.escape(path)}"]`);
  if (named !== null && named.tabIndex >= 0 && named.offsetParent !== null) return named;
  const section = sectionItem(path);
  if (/^[^.]+\.\d+$/.test(path) && section !== null) return section.querySelector('button');
  return label === null ? null : belowLabel(section ?? document.querySelector('form'), label);
}

/** The item of a dynamic zone that holds a field; sections are items of a list that open and close. */
function sectionItem(path: string): HTMLElement | null {
  const [, index] = /^sections\.(\d+)/.exec(path) ?? [];
  if (index === undefined) return null;
  const lists = [...document.querySelectorAll('form ol')];
  const zone = lists.find((list) => list.querySelector(':scope > li button[aria-expanded]') !== null);
  return zone?.querySelectorAll<HTMLElement>(':scope > li')[Number(index)] ?? null;
}

/** The first thing below a label that takes the keyboard, such as the button of a picture or the text of an editor. */
function belowLabel(within: Element | null, label: string): HTMLElement | null {
  const found = [...(within?.querySelectorAll<HTMLElement>('label, span, p, h2, h3') ?? [])].find(
    (each) => labelText(each) === label,
  );
  // The editor of Markdown, before the buttons around its label.
  let near = found?.parentElement ?? null;
  for (let step = 0; step < EDITOR_WITHIN && near !== null && near !== within; step += 1) {
    const editor = near.querySelector<HTMLElement>('.CodeMirror :is(textarea, [contenteditable="true"])');
    if (editor !== null) return editor;
    near = near.parentElement;
  }
  for (
    let around = found?.parentElement;
    around !== undefined && around !== null;
    around = around.parentElement
  ) {
    const inside = [...around.querySelectorAll<HTMLElement>('input, textarea, button, [tabindex="0"]')].find(
      (each) =>
        found !== undefined &&
        (found.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 &&
        !each.hasAttribute('disabled'),
    );
    if (inside !== undefined) return inside;
    if (around === within) return null;
  }
  return null;
}

/** A label as the layout has it: without the mark of a required field, and how much a field holds. */
function labelText({ textContent }: HTMLElement): string {
  return textContent
    .replace(/\s*\*$/, '')
    .replace(/\s*\(\d+(?: \/ \d+)?\)\s*$/, '')
    .trim();
}

/** Whether what holds a field is still opening: scrolled to meanwhile, it would stop half open. */
function isOpening(target: HTMLElement): boolean {
  return document
    .getAnimations()
    .some(
      ({ effect, playState }) =>
        playState === 'running' &&
        effect instanceof KeyframeEffect &&
        effect.target?.contains(target) === true,
    );
}
