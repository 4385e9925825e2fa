import { ABNORMAL, Connection } from './connection.js';
import { Deliveries } from './deliveries.js';
import { Memory, pageStore } from './memory.js';
import { deviceOf, endpointOf, handshakeUrl, namedBy } from './wire.js';

export { WebStorageStore } from './memory.js';

/** @import { ClientOptions, Clock, Events } from '../types/index.js' */
/** @import { End, Welcome } from '../types/internal.js' */

const SUBPROTOCOL = 'pushgate.v1.json';

const REPLACED = 4409;

/** Close codes after which coming back is pointless until somebody acts. */
const TERMINAL = [1002, 1003, 1007, 1008, 1009, REPLACED, 4411];

/** How long after a connection broke a node may still carry out what it had sent; ms. */
const GHOST = 60_000;

/**
 * How long to wait for the welcome at first, doubled at each attempt; ms. A node that hangs takes
 * connections all the same, and the next address may do better.
 */
const SHORTEST_PATIENCE = 5_000;
const LONGEST_PATIENCE = 20_000;

/** A connection that lasted so long, or brought a message, resets the backoff; ms. */
const SETTLED = 10_000;

const MAX_GOAWAY = 300_000;

/** @type {Clock} */
const clock = {
  now: () => Date.now(),
  setTimeout: (task, ms) => setTimeout(task, ms),
  clearTimeout: (timer) => clearTimeout(/** @type {any} */ (timer)),
};

const DEFAULTS = {
  version: 'js-0.1.0',
  minBackoff: 500,
  maxBackoff: 30_000,
  random: Math.random,
  clock,
};

/** What each member promises is said in types/index.d.ts. */
export class PushgateClient {
  #options;
  #endpoints;
  #next;
  /** @type {URL | undefined} */
  #named;
  #clock;
  #attempt = 0;
  #patience = SHORTEST_PATIENCE;
  /** @type {Map<keyof Events, Set<(event: any) => void>>} */
  #listeners = new Map();
  /** @type {string | undefined} */
  #device;
  /** @type {Memory | undefined} */
  #memory;
  /** @type {Deliveries | undefined} */
  #deliveries;
  /** @type {Connection | undefined} */
  #connection;
  /** @type {Welcome | undefined} */
  #session;
  /** @type {unknown} */
  #timer;
  #started = false;
  #stopped = false;
  #refused = false;
  #returnAt = NaN;
  #brokenAt = NaN;
  #ghosts = 0;
  #welcomedAt = 0;
  #processedAtWelcome = 0;
  #finished = () => {};
  #done;

  /** @param {ClientOptions} options */
  constructor(options) {
    this.#options = { ...DEFAULTS, WebSocket: globalThis.WebSocket, ...options };
    const { url, token, onMessage, WebSocket, minBackoff, maxBackoff } = this.#options;
    this.#endpoints = [url].flat().map(endpointOf);
    if (!this.#endpoints.length || !token || typeof onMessage !== 'function') {
      throw new TypeError('a client needs an address, a token and a handler of messages');
    }
    if (!WebSocket) {
      throw new TypeError('there is no WebSocket here: give the option WebSocket');
    }
    if (!(minBackoff > 0 && maxBackoff >= minBackoff)) {
      throw new RangeError('the backoff must be positive, and its bounds in order');
    }
    this.#clock = this.#options.clock;
    this.#next = Math.floor(this.#options.random() * this.#endpoints.length);
    /** @type {Promise<void>} */
    this.#done = new Promise((resolve) => {
      this.#finished = resolve;
    });
  }

  get connected() {
    return this.#session !== undefined;
  }

  start() {
    if (!this.#started && !this.#stopped) {
      this.#started = true;
      this.#connect();
    }
    return this;
  }

  close() {
    if (!this.#stopped) {
      this.#stop();
      if (this.#connection) {
        this.#connection.close('closed by the client');
      } else {
        this.#finished();
      }
    }
    return this.#done;
  }

  /**
   * @template {keyof Events} K
   * @param {K} name
   * @param {(event: Events[K]) => void} listener
   * @returns {() => void}
   */
  on(name, listener) {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  async #connect() {
    try {
      const token = await this.#token();
      const memory = this.#memory ?? (await this.#remember(token));
      if (!this.#stopped) {
        this.#open(token, memory);
      }
    } catch (e) {
      this.#error(e);
      if (!this.#stopped) {
        this.#lost({ code: ABNORMAL, reason: 'no token, or no socket' });
      }
    }
  }

  async #token() {
    const { token: supplier } = this.#options;
    const refused = this.#refused;
    const token = typeof supplier === 'string' ? supplier : await supplier({ refused });
    if (typeof token !== 'string' || !/^[!-~]+$/.test(token)) {
      throw new TypeError('the token supplier gave no JWT');
    }
    const device = deviceOf(token);
    this.#device ??= device;
    if (device !== this.#device) {
      throw new Error('the token is for another device: that takes another client');
    }
    return token;
  }

  /**
   * Once, before the first connection.
   * @param {string} token
   */
  async #remember(token) {
    const device = deviceOf(token);
    const memory = new Memory(this.#options.store ?? (device ? pageStore(device) : undefined));
    try {
      await memory.load();
    } catch (e) {
      // Rather a message twice than none at all.
      this.#error(e);
    }
    this.#memory = memory;
    this.#deliveries = new Deliveries(memory, this.#options.onMessage, {
      ack: (position, log) => this.#connection?.ack(position, log),
      failed: (reason) => this.#connection?.abort(reason),
      error: (error) => this.#error(error),
    });
    return memory;
  }

  /**
   * @param {string} token
   * @param {Memory} memory
   */
  #open(token, memory) {
    const endpoint = this.#named ?? this.#endpoints[this.#next];
    this.#named = undefined;
    this.#next = (this.#next + 1) % this.#endpoints.length;
    const { WebSocket, version } = this.#options;
    const url = handshakeUrl(endpoint, {
      version,
      last: memory.lastId(),
      cursors: memory.cursors(),
      token,
    });
    this.#connection = new Connection(
      new WebSocket(url, SUBPROTOCOL),
      {
        welcomed: (welcome) => this.#welcomed(welcome),
        pushed: (message) => this.#deliveries?.receive(message),
        goaway: (reason, after, url) => this.#goaway(reason, after, url && namedBy(url, endpoint)),
        reset: (log, position) =>
          this.#deliveries?.reset(log, position, () => this.#emit('reset', { log })),
        recalled: (id, position, log) =>
          this.#deliveries?.recall(position, log, () => this.#emit('recall', { id })),
        error: (error) => this.#error(error),
        ended: (end, welcomed) => this.#ended(end, welcomed),
      },
      this.#options,
      this.#patience,
    );
  }

  /** @param {Welcome} welcome */
  #welcomed(welcome) {
    this.#patience = SHORTEST_PATIENCE;
    this.#session = welcome;
    this.#refused = false;
    this.#welcomedAt = this.#clock.now();
    this.#processedAtWelcome = this.#processed();
    this.#deliveries?.connected();
    this.#emit('connected', welcome);
  }

  /**
   * @param {string} reason
   * @param {number} after
   * @param {URL} [named] where to connect next, once
   */
  #goaway(reason, after, named) {
    if (Number.isNaN(this.#returnAt)) {
      const wait = Math.min(Math.max(after, 0), MAX_GOAWAY);
      this.#returnAt = this.#clock.now() + wait;
      this.#named = named;
      this.#in(wait, () => this.#connection?.close(`goaway: ${reason}`));
    }
  }

  /**
   * @param {End} end
   * @param {boolean} welcomed
   */
  #ended(end, welcomed) {
    this.#connection = undefined;
    this.#session = undefined;
    // A browser does not tell an HTTP 401 from a gateway that is away.
    this.#refused = !welcomed || end.code === 4401;
    if (!welcomed) {
      this.#patience = Math.min(2 * this.#patience, LONGEST_PATIENCE);
    }
    const lasted = this.#clock.now() - this.#welcomedAt >= SETTLED;
    if (welcomed && (lasted || this.#processed() > this.#processedAtWelcome)) {
      this.#attempt = 0;
    }
    this.#lost(end, !welcomed && end.code !== REPLACED);
  }

  /**
   * Decides what follows the end of a connection or an attempt.
   * @param {End} end
   * @param {boolean} [uncertain] whether the gateway may yet carry the attempt out
   */
  #lost(end, uncertain) {
    const ghost = end.code === REPLACED && this.#isByGhost();
    const terminal = !this.#stopped && !ghost && TERMINAL.includes(end.code);
    if (uncertain || end.code === ABNORMAL) {
      this.#ghosts = this.#isRecent() ? this.#ghosts + 1 : 1;
      this.#brokenAt = this.#clock.now();
    }
    if (!this.#stopped && !terminal) {
      const after = this.#wait();
      this.#in(after, () => this.#connect());
      this.#emit('disconnected', { ...end, willReconnect: true, after });
      return;
    }
    this.#stop();
    this.#emit('disconnected', { ...end, willReconnect: false, after: 0 });
    if (terminal) {
      this.#emit('terminated', end);
    }
    this.#finished();
  }

  /**
   * Whether our own broken attempt may have replaced us. Each excuses one return, so that two devices
   * with one id don't replace each other for ever.
   */
  #isByGhost() {
    return this.#isRecent() && this.#ghosts-- > 0;
  }

  #isRecent() {
    return this.#ghosts > 0 && this.#clock.now() - this.#brokenAt <= GHOST;
  }

  /** Full jitter, of "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. */
  #wait() {
    const { minBackoff, maxBackoff, random } = this.#options;
    if (Number.isNaN(this.#returnAt)) {
      const bound = Math.min(maxBackoff, minBackoff * 2 ** this.#attempt++);
      return Math.floor(random() * (bound + 1));
    }
    const left = this.#returnAt - this.#clock.now();
    this.#returnAt = NaN;
    this.#attempt = 0;
    return Math.min(Math.max(left, 0), MAX_GOAWAY);
  }

  #stop() {
    this.#stopped = true;
    this.#clock.clearTimeout(this.#timer);
    this.#deliveries?.stop();
  }

  #processed() {
    return this.#deliveries?.processed ?? 0;
  }

  /**
   * @param {number} ms
   * @param {() => void} task
   */
  #in(ms, task) {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(task, ms);
  }

  /** @param {unknown} thrown */
  #error(thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
    if (this.#listeners.get('error')?.size) {
      this.#emit('error', error);
    } else {
      console.error('pushgate:', error);
    }
  }

  /**
   * The app's code: whatever it throws, the client lives.
   * @template {keyof Events} K
   * @param {K} name
   * @param {Events[K]} event
   */
  #emit(name, event) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(event);
      } catch (e) {
        console.error('pushgate: a listener threw', e);
      }
    }
  }
}
