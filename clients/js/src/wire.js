/** How the protocol writes positions and addresses, see docs/protocol.md. */

/** A position, `<ms>-<n>`, before every message. */
export const NONE = '0-0';

const FORM = /^\d{1,19}-\d{1,19}$/;

/** @param {unknown} value */
export const isPosition = (value) => typeof value === 'string' && FORM.test(value);

/**
 * @param {string} position
 * @param {string} other
 */
export function isAfter(position, other) {
  const [ms, n] = position.split('-').map(BigInt);
  const [otherMs, otherN] = other.split('-').map(BigInt);
  return ms === otherMs ? n > otherN : ms > otherMs;
}

/** @param {string} position */
export const millisOf = (position) => Number(position.split('-')[0]);

const PATH = '/v1/ws';
const MESSAGE_ID = /^[\w.:-]{1,128}$/;

/** @param {string | URL} address `ws://host[:port][/path]` or `wss://…` */
export function endpointOf(address) {
  const url = new URL(address);
  if (!/^wss?:$/.test(url.protocol)) {
    throw new TypeError(`not a ws:// or wss:// address: ${address}`);
  }
  if (url.pathname === '/') {
    url.pathname = PATH;
  }
  url.hash = '';
  return url;
}

/**
 * A goaway's `//host:port`, with the rest as here, or URL; never of another scheme.
 * @param {any} url
 * @param {URL} here
 */
export function namedBy(url, here) {
  try {
    const to = new URL(url, here);
    if (to.pathname === '/') {
      to.pathname = here.pathname;
      to.search = here.search;
    }
    return to.protocol === here.protocol ? to : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A browser can't set headers, so everything is in the query.
 * @param {URL} endpoint
 * @param {{ version: string, last?: string, cursors: string, token: string }} parameters
 */
export function handshakeUrl(endpoint, { version, last, cursors, token }) {
  const url = new URL(endpoint);
  const query = url.searchParams;
  query.set('version', version);
  if (last && MESSAGE_ID.test(last)) {
    query.set('last', last);
  }
  // Also where there are none: it says that this client keeps its own.
  query.set('cursors', cursors);
  query.set('token', token);
  return url.href;
}

/**
 * The app and device that a JWT names, `<app>/<device>`; undefined where it can't be read.
 * @param {string} token
 */
export function deviceOf(token) {
  try {
    const claims = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const { app, device } = JSON.parse(atob(claims));
    return app && device ? `${app}/${device}` : undefined;
  } catch {
    return undefined;
  }
}
