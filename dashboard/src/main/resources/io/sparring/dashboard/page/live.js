// The events of the server, whatever becomes of it meanwhile.

/** The server sends something every five seconds; longer than this, nobody is there. */
const SILENCE = 15_000;
const RETRY = 2_000;

/**
 * Calls onPart(name, content) for every part that comes, and onConnection(open) whenever that changes. The browser reconnects by
 * itself, telling the last id that it has; what it gives up is begun again here.
 */
export function follow(names, onPart, onConnection, onTime) {
  let source;
  let heard = Date.now();
  const open = () => {
    source = new EventSource('events');
    source.addEventListener('open', () => { heard = Date.now(); onConnection(true); });
    source.addEventListener('error', () => {
      onConnection(false);
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(open, RETRY);
      }
    });
    source.addEventListener('beat', (event) => { heard = Date.now(); onTime(Number(event.data)); });
    for (const name of names) {
      source.addEventListener(name, (event) => { heard = Date.now(); onPart(name, JSON.parse(event.data)); });
    }
  };
  setInterval(() => {
    if (Date.now() - heard > SILENCE && source.readyState === EventSource.OPEN) {
      // a connection that nobody ended and nothing comes through
      onConnection(false);
      source.close();
      heard = Date.now();
      open();
    }
  }, 1_000);
  open();
}
