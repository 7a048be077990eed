/** The part of a CodeMirror 5 editor that is written to. */
interface Editor {
  getSelection: () => string;
  replaceSelection: (text: string, select?: 'around') => void;
  focus: () => void;
}

/**
 * The rich-text editor of the field that an element stands in. Strapi hands nobody its editor, but CodeMirror 5 keeps it,
 * by contract, on its own element.
 */
export function editorNear(element: Element | null): Editor | null {
  for (let around = element; around !== null; around = around.parentElement) {
    const box = around.querySelector('.CodeMirror');
    if (box !== null) return (box as Element & { CodeMirror?: Editor }).CodeMirror ?? null;
  }
  return null;
}
