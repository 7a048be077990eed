/** How long between two looks at the draft, in milliseconds: soon at first, ever more seldom while nothing changes. */
const soonest = 2_000;
const latest = 30_000;

/** Opens links of the page in a new tab: public pages let nobody frame them. */
export function leadOutside(page: Document): void {
  for (const link of page.querySelectorAll('a[href]')) {
    if (link.getAttribute('href')?.startsWith('#') === true) continue;
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener');
  }
}

/** Loads the page anew as soon as the editor has saved something that it shows, and only then. */
export function keepFresh(page: Document): void {
  const shown = page.querySelector('[data-version]')?.getAttribute('data-version') ?? '';
  const news = page.querySelector('.preview-news');
  let pause = soonest;
  const wait = () => setTimeout(() => void look(), pause);
  let timer = wait();

  async function look(): Promise<void> {
    if (page.hidden) return;
    try {
      const answer = await fetch('version', { cache: 'no-store' });
      if (answer.status === 403 || answer.status === 404) {
        if (news !== null)
          news.textContent = 'This preview has ended. Press Preview in the editor to see it again.';
        return;
      }
      if (answer.ok && (await answer.text()) !== shown) {
        location.reload();
        return;
      }
    } catch {
      // The server may be starting again: the next look tells.
    }
    pause = Math.min(pause * 1.3, latest);
    timer = wait();
  }

  page.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    pause = soonest;
    if (!page.hidden) void look();
  });
}
