import type { APIRoute } from 'astro';
import { searchEngineEvent } from '../paths.ts';

/** Hands Pagefind over to the search page, which may add this file to itself but import none. */
export const GET: APIRoute = () =>
  new Response(
    "import * as engine from '/pagefind/pagefind.js';\n" +
      `dispatchEvent(new CustomEvent('${searchEngineEvent}', { detail: engine }));\n`,
    { headers: { 'content-type': 'text/javascript; charset=utf-8' } },
  );
