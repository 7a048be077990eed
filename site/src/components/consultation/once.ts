/** Sends the form once, however often the button is tapped. Without this script the server sees to it. */
const form = document.querySelector<HTMLFormElement>('#request-form');
let sent = false;

form?.addEventListener('submit', (event) => {
  if (sent) event.preventDefault();
  sent = true;
});

// A page that comes back out of the browser's memory may be sent again.
addEventListener('pageshow', () => {
  sent = false;
});

export {};
