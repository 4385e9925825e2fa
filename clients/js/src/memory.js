import { isPosition, millisOf } from './wire.js';

/** @import { Entry, MessageStore } from '../types/index.js' */

/** As many as the gateway keeps in an inbox by default. */
const CAPACITY = 1000;

/** How long the same id means the same message to the gateway. */
const SAME_ID_MILLIS = 24 * 3600 * 1000;

/** So that they fit into the head of a handshake beside a token. */
const MAX_CURSORS_LENGTH = 2500;

/**
 * What the client knows of the messages that the app has processed: the newest ids, and the last
 * message of the inbox and of each log. The store is its memory over restarts.
 */
export class Memory {
  /** @type {MessageStore | undefined} */
  #store;
  /** @type {Map<string, string>} id to position, oldest first */
  #ids = new Map();
  /** @type {Map<string | null, Entry>} least recently used first */
  #latest = new Map();

  /** @param {MessageStore} [store] */
  constructor(store) {
    this.#store = store;
  }

  /** Reads the store; throws what it throws. */
  async load() {
    for (const entry of (await this.#store?.load()) ?? []) {
      this.#take(entry);
    }
  }

  /**
   * Whether the app has processed it; an id may be used again later.
   * @param {Entry} entry
   */
  knows({ id, position }) {
    const remembered = this.#ids.get(id);
    return (
      remembered !== undefined &&
      Math.abs(millisOf(position) - millisOf(remembered)) < SAME_ID_MILLIS
    );
  }

  /**
   * It is remembered for the life of this object even where the store throws.
   * @param {Entry} entry
   */
  async remember(entry) {
    this.#take(entry);
    await this.#store?.remember(entry);
  }

  /**
   * @param {string} position
   * @param {string} log
   */
  moveTo(position, log) {
    this.#latest.set(log, { id: '', position, log });
  }

  /** The message of the inbox that was processed last. */
  lastId() {
    return this.#latest.get(null)?.id;
  }

  /**
   * Up to where the app has processed a log.
   * @param {string | null} log
   */
  placeIn(log) {
    return this.#latest.get(log)?.position;
  }

  /** `<log>:<position>,…` of the logs used last; the gateway remembers the others itself. */
  cursors() {
    const cursors = [...this.#latest.values()]
      .filter(({ log }) => log !== null)
      .map(({ log, position }) => `${log}:${position}`);
    while (cursors.join().length > MAX_CURSORS_LENGTH) {
      cursors.shift();
    }
    return cursors.join();
  }

  /** @param {Entry} entry */
  #take({ id, position, log }) {
    // Removed first, so that an id used again counts as new when the oldest go.
    this.#ids.delete(id);
    this.#ids.set(id, position);
    this.#latest.delete(log);
    this.#latest.set(log, { id, position, log });
    if (this.#ids.size > CAPACITY) {
      this.#ids.delete(/** @type {string} */ (this.#ids.keys().next().value));
    }
  }
}

/**
 * Remembers in a Web Storage, such as `localStorage`: a ring of {@link CAPACITY} items, and one
 * for the last message of the inbox and of each log. Each item is `<number> <position> <id> <log>`
 * and is written in one step, so that nothing is ever torn.
 * @implements {MessageStore}
 */
export class WebStorageStore {
  #storage;
  #prefix;
  #next = 0;

  /**
   * @param {string} name
   * @param {Storage} [storage]
   */
  constructor(name, storage = globalThis.localStorage) {
    this.#storage = storage;
    this.#prefix = `pushgate:${name}:`;
  }

  /** @returns {Entry[]} */
  load() {
    /** @type {Map<number, Entry>} */
    const found = new Map();
    for (let i = 0; i < this.#storage.length; i++) {
      const key = this.#storage.key(i);
      if (key?.startsWith(this.#prefix)) {
        const [number, position, id, log] = (this.#storage.getItem(key) ?? '').split(' ');
        // Whatever else somebody wrote there is as good as forgotten.
        if (/^\d{1,15}$/.test(number) && isPosition(position) && id) {
          found.set(Number(number), { id, position, log: log || null });
        }
      }
    }
    const numbers = [...found.keys()].sort((a, b) => a - b);
    this.#next = (numbers.at(-1) ?? -1) + 1;
    return numbers.map((number) => /** @type {Entry} */ (found.get(number)));
  }

  /** @param {Entry} entry */
  remember({ id, position, log }) {
    const number = this.#next++;
    const value = `${number} ${position} ${id} ${log ?? ''}`;
    this.#storage.setItem(`${this.#prefix}${number % CAPACITY}`, value);
    this.#storage.setItem(`${this.#prefix}@${log ?? ''}`, value);
  }
}

/**
 * The `localStorage` of a page. Node has one, too, but warns about it; a page may be forbidden it.
 * @param {string} name
 * @returns {MessageStore | undefined}
 */
export function pageStore(name) {
  try {
    return globalThis.window?.localStorage ? new WebStorageStore(name) : undefined;
  } catch {
    return undefined;
  }
}
