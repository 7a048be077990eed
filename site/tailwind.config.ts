import type { Config } from 'tailwindcss';

const color = (name: string) => `var(--${name})`;

/** Design tokens. Colours are CSS variables, because light and dark are decided by the reader's system. */
export default {
  // The last two files name the classes that come with a view: focus of pictures, tables and notes of running text.
  content: [
    './src/{layouts,components,pages}/**/*.{astro,ts}',
    './src/content/views.ts',
    './src/features/markdown/sanitize.ts',
  ],
  // Words of the source that Tailwind takes for classes.
  blocklist: ['contents', 'table', 'visible'],
  // The site resets less than Tailwind does (`styles/site.css`). The other plugins print variables for every element,
  // and the site uses none of them: a page and its styles fit into the first round trip.
  corePlugins: {
    preflight: false,
    contain: false,
    backdropFilter: false,
    borderSpacing: false,
    boxShadow: false,
    container: false,
    filter: false,
    fontVariantNumeric: false,
    gradientColorStops: false,
    ringWidth: false,
    scrollSnapType: false,
    textOpacity: false,
    touchAction: false,
    transform: false,
  },
  theme: {
    colors: {
      transparent: 'transparent',
      current: 'currentColor',
      paper: color('paper'),
      card: color('card'),
      sand: color('sand'),
      mist: color('mist'),
      line: color('line'),
      ink: color('ink'),
      muted: color('muted'),
      teal: color('teal'),
      rust: color('rust'),
      clay: color('clay'),
      sage: color('sage'),
    },
    fontFamily: {
      sans: ['system-ui', '-apple-system', '"Segoe UI"', 'Roboto', 'sans-serif'],
      serif: ['"Iowan Old Style"', '"Palatino Linotype"', 'Palatino', 'P052', 'Charter', 'Georgia', 'serif'],
    },
    // Fluid between 360 and 1280 px; rem in every step keeps text zoom working.
    fontSize: {
      sm: ['0.9375rem', '1.5'],
      base: ['clamp(1.0625rem, 1.03rem + 0.16vw, 1.15rem)', '1.65'],
      lg: ['clamp(1.1875rem, 1.12rem + 0.33vw, 1.375rem)', '1.55'],
      xl: ['clamp(1.3125rem, 1.24rem + 0.38vw, 1.5rem)', '1.3'],
      '2xl': ['clamp(1.625rem, 1.48rem + 0.7vw, 2.125rem)', '1.2'],
      '3xl': ['clamp(2.0625rem, 1.62rem + 1.95vw, 3.375rem)', '1.1'],
      '4xl': ['clamp(2.375rem, 1.7rem + 3vw, 4.25rem)', '1.04'],
    },
    screens: { sm: '40em', md: '48em', lg: '64em', xl: '76em' },
    extend: {
      maxWidth: { page: '74rem', measure: '65ch' },
      spacing: { gutter: 'clamp(min(1.25rem, 6vw), 4vw, 3rem)', section: 'clamp(3.25rem, 7vw, 6.5rem)' },
    },
  },
} satisfies Config;
