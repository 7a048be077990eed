import type axe from 'axe-core';

declare global {
  interface Window {
    /** Set by the script of axe-core, which the tests put into the page. */
    axe: typeof axe;
  }
}
