import { NONE, isAfter } from './wire.js';

/** @import { Message } from '../types/index.js' */
/** @import { DeliverySink } from '../types/internal.js' */
/** @import { Memory } from './memory.js' */

/** What may wait for the app, at most. The gateway stops at its window, 64, without acks. */
const MAX_WAITING = 4096;

/**
 * Hands messages to the app once, one at a time and in order, and says how far they may be acked.
 * Outlives connections.
 *
 * Two memories keep repeats out: positions, for the life of this object, and ids, for restarts and
 * for a message that Redis lost in a failover and took again under another position. A repeat is
 * dropped and acked once the app is done with it.
 */
export class Deliveries {
  #memory;
  #handler;
  #sink;
  /** @type {Map<string | null, { received: string, processed: string, sent: string }>} */
  #logs = new Map();
  /** @type {{ message?: Message, recalled?: boolean, event?: () => void }[]} */
  #queue = [];
  #running = false;
  #stopped = false;

  /** How many messages the app has processed. */
  processed = 0;

  /**
   * @param {Memory} memory
   * @param {(message: Message) => unknown} handler
   * @param {DeliverySink} sink
   */
  constructor(memory, handler, sink) {
    this.#memory = memory;
    this.#handler = handler;
    this.#sink = sink;
  }

  /** A session begins: nothing was sent on it yet, so nothing may be acked on it yet. */
  connected() {
    for (const log of this.#logs.values()) {
      log.sent = NONE;
    }
  }

  /** @param {Message} message */
  receive(message) {
    const log = this.#log(message.log);
    const { position } = message;
    if (isAfter(position, log.sent)) {
      log.sent = position;
    }
    if (isAfter(position, log.received)) {
      if (this.#queue.length >= MAX_WAITING) {
        this.#sink.failed('the app is too slow');
        return;
      }
      log.received = position;
      this.#queue.push({ message });
      this.#run();
    } else if (!isAfter(position, log.processed)) {
      this.#ack(message.log);
    }
  }

  /**
   * The gateway no longer has what followed the cursor in this log.
   * @param {string} name
   * @param {string} position after which it goes on
   * @param {() => void} event for the app, when it has taken what came before
   */
  reset(name, position, event) {
    const log = this.#log(name);
    log.received = position;
    this.#queue.push({
      event: () => {
        log.processed = position;
        this.#memory.moveTo(position, name);
        event();
      },
    });
    this.#run();
  }

  /**
   * A message was taken back. One that waits is not handed on, and nothing is said of it.
   * @param {string} position
   * @param {string | null} log that it came from, null for the inbox
   * @param {() => void} event for the app, where it has got the message
   */
  recall(position, log, event) {
    const waiting = this.#queue.find(
      ({ message }) => message?.position === position && message.log === log,
    );
    if (waiting) {
      waiting.recalled = true;
    } else if (!isAfter(position, this.#log(log).received)) {
      this.#queue.push({ event });
      this.#run();
    }
  }

  /** Nothing is handed on any more, not even what waits. */
  stop() {
    this.#stopped = true;
    this.#queue = [];
  }

  async #run() {
    if (this.#running) {
      return;
    }
    this.#running = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      next.event?.();
      if (next.message) {
        await this.#handOn(next.message, next.recalled);
      }
    }
    this.#running = false;
  }

  /**
   * @param {Message} message
   * @param {boolean} [recalled]
   */
  async #handOn(message, recalled) {
    if (!recalled && !this.#memory.knows(message)) {
      try {
        await this.#handler(message);
      } catch (e) {
        this.#rewind();
        this.#sink.error(e);
        this.#sink.failed(`the app could not take message ${message.id}`);
        return;
      }
      try {
        await this.#memory.remember(message);
      } catch (e) {
        // It is in memory even if not in the store: no reason to hold the ack back.
        this.#sink.error(e);
      }
      this.processed++;
    }
    this.#log(message.log).processed = message.position;
    this.#ack(message.log);
  }

  /** What waits will be sent again: the gateway goes on after the last ack. */
  #rewind() {
    this.#queue = [];
    for (const log of this.#logs.values()) {
      log.received = log.processed;
    }
  }

  /**
   * The gateway ends a session that acks what was not sent on it. A message that was processed
   * after its session ended is acked when it is sent again.
   * @param {string | null} name
   */
  #ack(name) {
    const { processed, sent } = this.#log(name);
    const upTo = isAfter(processed, sent) ? sent : processed;
    if (!this.#stopped && upTo !== NONE) {
      this.#sink.ack(upTo, name);
    }
  }

  /** @param {string | null} name */
  #log(name) {
    let log = this.#logs.get(name);
    if (!log) {
      // A failover may take the inbox back to a lower position, and its ids tell repeats.
      const place = (name !== null && this.#memory.placeIn(name)) || NONE;
      log = { received: place, processed: place, sent: NONE };
      this.#logs.set(name, log);
    }
    return log;
  }
}
