import { PushgateClient } from '../src/index.js';

/** Time that stands still until a test moves it. */
export class FakeClock {
  #now = 1_763_712_345_000;
  #timers = new Map();
  #next = 1;

  now = () => this.#now;

  setTimeout = (task, ms) => {
    this.#timers.set(this.#next, { task, at: this.#now + ms });
    return this.#next++;
  };

  clearTimeout = (timer) => {
    this.#timers.delete(timer);
  };

  /** How many timers are set. */
  get timers() {
    return this.#timers.size;
  }

  /** Moves on, and runs what comes due at the moment it does. */
  async advance(ms) {
    const end = this.#now + ms;
    for (let due = this.#due(end); due; due = this.#due(end)) {
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].task();
      await settle();
    }
    this.#now = end;
  }

  /** As a machine that was asleep: time has passed, and only then a timer runs. */
  async sleep(ms) {
    this.#now += ms;
    await this.advance(0);
  }

  #due(end) {
    return [...this.#timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A WebSocket whose gateway is the test. */
export class FakeSocket {
  sent = [];
  closed = undefined;

  constructor(url, protocol) {
    this.url = new URL(url);
    this.protocol = protocol;
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code, reason) {
    this.closed ??= { code, reason };
  }

  /** The positions acked so far; those of a log as `<log>:<position>`. */
  get acks() {
    return this.sent.filter(({ t }) => t === 'ack').map(({ pos, log }) => (log ? `${log}:${pos}` : pos));
  }

  get pings() {
    return this.sent.filter(({ t }) => t === 'ping').length;
  }

  query(name) {
    return this.url.searchParams.get(name);
  }

  async frame(frame) {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
    await settle();
  }

  welcome(more = {}) {
    return this.frame({ t: 'welcome', session: 'n1-42', heartbeat: 30_000, window: 64, ...more });
  }

  push(n, { id = `m-${n}`, ...more } = {}) {
    return this.frame({ t: 'push', pos: `${n}-0`, id, at: 1, data: { n }, ...more });
  }

  async end(code = 1006, reason = '') {
    this.onclose?.({ code, reason });
    await settle();
  }
}

/** A client on a fake clock with fake sockets, and all it did. */
export class Rig {
  clock = new FakeClock();
  sockets = [];
  handed = [];
  events = [];
  refused = [];
  random = 0.5;

  constructor(options = {}) {
    const rig = this;
    class Socket extends FakeSocket {
      constructor(url, protocol) {
        super(url, protocol);
        rig.sockets.push(this);
      }
    }
    this.client = new PushgateClient({
      url: 'wss://push.example.org',
      token: ({ refused }) => {
        this.refused.push(refused);
        return 'a.jwt';
      },
      onMessage: ({ id }) => {
        this.handed.push(id);
      },
      WebSocket: Socket,
      clock: this.clock,
      random: () => this.random,
      ...options,
    });
    for (const name of ['connected', 'disconnected', 'terminated', 'reset', 'recall', 'error']) {
      this.client.on(name, (event) => this.events.push([name, event]));
    }
  }

  /** The newest socket. */
  get socket() {
    return this.sockets.at(-1);
  }

  of(name) {
    return this.events.filter(([event]) => event === name).map(([, detail]) => detail);
  }

  /** Starts the client and lets it connect. */
  async start() {
    this.client.start();
    await settle();
    return this.socket;
  }

  async connect() {
    const socket = await this.start();
    await socket.welcome();
    return socket;
  }

  /** Waits as long as the client does, and lets it try to connect again. */
  async retry() {
    const before = this.sockets.length;
    await this.clock.advance(this.of('disconnected').at(-1).after);
    await settle();
    if (this.sockets.length !== before + 1) {
      throw new Error('the client did not connect again');
    }
  }

  async reconnect() {
    await this.retry();
    await this.socket.welcome();
    return this.socket;
  }
}

/** A Web Storage of its own. */
export function fakeStorage(items = new Map()) {
  return {
    get length() {
      return items.size;
    },
    key: (i) => [...items.keys()][i] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, String(value));
    },
  };
}
