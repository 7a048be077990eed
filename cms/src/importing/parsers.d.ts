// What Meridian uses of parsers that bring no types of their own, or types that need those of a browser.

declare module '@mixmark-io/domino' {
  export interface DomNode {
    readonly nodeType: number;
    readonly nodeName: string;
    readonly firstChild: DomNode | null;
    readonly lastChild: DomNode | null;
    readonly nextSibling: DomNode | null;
    readonly previousSibling: DomNode | null;
    readonly parentNode: DomElement | null;
    textContent: string;
  }
  export interface DomElement extends DomNode {
    readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>;
    innerHTML: string;
    getAttribute(name: string): string | null;
    setAttribute(name: string, value: string): void;
    querySelector(selector: string): DomElement | null | undefined;
    querySelectorAll(selector: string): ArrayLike<DomElement>;
    appendChild(node: DomNode): void;
    replaceWith(...nodes: (DomNode | string)[]): void;
    remove(): void;
  }
  /** Its content stands beside the document, not in it. */
  export interface DomTemplate extends DomElement {
    readonly content: DomNode;
  }
  export interface DomDocument {
    readonly title: string;
    readonly documentElement: DomElement;
    readonly body: DomElement;
    createElement(name: string): DomElement;
    createTextNode(text: string): DomNode;
    querySelector(selector: string): DomElement | null | undefined;
  }
  export function createIncrementalHTMLParser(): {
    /** Takes the whole of a text; `process` reads it. */
    end(html: string): void;
    /** Calls a function before each step, and rests when that returns true. */
    process(rests: () => boolean): boolean;
    document(): DomDocument;
  };
}

declare module 'turndown' {
  import type { DomElement } from '@mixmark-io/domino';

  export default class TurndownService {
    constructor(options?: Record<string, string>);
    escape: (text: string) => string;
    use(plugin: unknown): this;
    turndown(root: string | DomElement): string;
  }
}

declare module '@joplin/turndown-plugin-gfm' {
  export const gfm: unknown;
}
