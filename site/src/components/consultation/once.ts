/** Sends the form once, however often the button is tapped. Without this script the server sees to it. */
const form = document.querySelector<HTMLFormElement>('#request-form');
// Longer than an answer takes; then somebody whose connection failed may try again.
const pause = 10_000;
let sentAt = -Infinity;

form?.addEventListener('submit', (event) => {
  if (performance.now() - sentAt < pause) event.preventDefault();
  else sentAt = performance.now();
});

// A page that comes back out of the browser's memory may be sent again.
addEventListener('pageshow', () => {
  sentAt = -Infinity;
});

export {};
