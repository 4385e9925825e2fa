import { NONE, isPosition } from './wire.js';

/** @import { Clock } from '../types/index.js' */
/** @import { ConnectionOwner, End } from '../types/internal.js' */

/** No close frame came: RFC 6455, 7.1.5. */
export const ABNORMAL = 1006;

const NORMAL = 1000;

/** How long to wait for the answer to our close frame; ms. */
const CLOSING_TIMEOUT = 1_000;

/** How long acks of logs wait at most; ms. */
const ACK_DELAY = 2_000;

/** Added to one and a half heartbeats, how long to wait for any sign of life after a ping; ms. */
const GRACE = 5_000;

/**
 * One WebSocket: speaks the protocol and keeps the heartbeat. What the frames mean is its owner's.
 *
 * It pings every heartbeat, and sets the next timer at the answer: in a hidden page a browser may
 * slow timers that start one another down to one a minute.
 */
export class Connection {
  #socket;
  #owner;
  #clock;
  #random;
  /** @type {unknown} */
  #timer;
  #heartbeat = 0;
  #pinged = false;
  #closing = false;
  #ended = false;
  #trouble = '';
  #window = 0;
  /** @type {Map<string | null, string>} by log */
  #acks = new Map();
  #unacked = 0;
  /** @type {unknown} */
  #ackTimer;

  /**
   * @param {WebSocket} socket
   * @param {ConnectionOwner} owner
   * @param {{ clock: Clock, random: () => number }} options
   * @param {number} patience from now to the welcome, ms
   */
  constructor(socket, owner, { clock, random }, patience) {
    this.#socket = socket;
    this.#owner = owner;
    this.#clock = clock;
    this.#random = random;
    socket.onmessage = (event) => this.#read(event.data);
    socket.onclose = (event) => this.#closed(event);
    socket.onerror = (event) => {
      // Only Node says more than that there was an error.
      this.#trouble = /** @type {ErrorEvent} */ (event).message || '';
    };
    this.#in(patience, () => this.abort('no welcome from the gateway in time'));
  }

  /**
   * Acks everything up to here. Acks of logs only move the gateway's window, so they wait until they
   * are many or for a random time: a million pages must not ack a broadcast at once.
   * @param {string} pos
   * @param {string | null} log
   */
  ack(pos, log) {
    if (this.#heartbeat && !this.#closing) {
      this.#acks.set(log, pos);
      if (log === null || ++this.#unacked >= this.#window / 4) {
        this.#flush();
      } else {
        this.#ackTimer ??= this.#clock.setTimeout(() => this.#flush(), this.#random() * ACK_DELAY);
      }
    }
  }

  #flush() {
    this.#clock.clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#unacked = 0;
    for (const [log, pos] of this.#acks) {
      this.#send({ t: 'ack', pos, log: log ?? undefined });
    }
    this.#acks.clear();
  }

  /**
   * Sends a close frame, and ends when the gateway has answered it.
   * @param {string} reason
   */
  close(reason) {
    if (!this.#heartbeat) {
      this.abort(reason);
    } else if (!this.#closing) {
      this.#flush();
      this.#closing = true;
      const end = { code: NORMAL, reason };
      this.#socket.onclose = () => this.#finish(end);
      this.#in(CLOSING_TIMEOUT, () => this.#finish(end));
      this.#socket.close(NORMAL, reason);
    }
  }

  /**
   * Ends at once. The socket may take its time to close; nobody listens to it any more.
   * @param {string} reason
   */
  abort(reason) {
    this.#finish({ code: ABNORMAL, reason });
    this.#socket.close(NORMAL);
  }

  /** @param {End} end */
  #finish(end) {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#clock.clearTimeout(this.#timer);
    this.#clock.clearTimeout(this.#ackTimer);
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    // Not null: an error that nobody listens to ends the process in Node.
    this.#socket.onerror = () => {};
    this.#owner.ended(end, this.#heartbeat > 0);
  }

  /** @param {End} event */
  #closed({ code, reason }) {
    const lost = this.#heartbeat ? 'connection lost' : 'cannot connect';
    this.#finish({ code, reason: reason || this.#trouble || lost });
  }

  /** @param {unknown} text */
  #read(text) {
    if (this.#closing) {
      return;
    }
    if (this.#pinged) {
      this.#pingLater();
    }
    let frame;
    try {
      frame = JSON.parse(/** @type {string} */ (text));
    } catch {
      frame = null;
    }
    if (typeof text !== 'string' || typeof frame?.t !== 'string') {
      this.abort('the gateway sent a bad frame');
    } else if (!this.#heartbeat !== (frame.t === 'welcome')) {
      this.abort('the gateway sent its welcome not first or not once');
    } else {
      this.#take(frame);
    }
  }

  /** @param {any} frame types and fields that are not known here are later versions' */
  #take(frame) {
    const position = isPosition(frame.pos) ? frame.pos : NONE;
    switch (frame.t) {
      case 'welcome':
        this.#welcomed(frame);
        break;
      case 'push':
        this.#pushed(frame);
        break;
      case 'goaway':
        this.#owner.goaway(String(frame.reason), Number(frame.after) || 0, frame.url);
        break;
      case 'reset':
        this.#owner.reset(String(frame.log), position);
        break;
      case 'recall':
        this.#owner.recalled(String(frame.id), position, frame.log ?? null);
        break;
      case 'error':
        this.#owner.error(new Error(`the gateway says ${frame.code}: ${frame.message}`));
    }
  }

  /** @param {any} frame */
  #welcomed({ session, heartbeat, window }) {
    if (!(heartbeat > 0)) {
      this.abort('the gateway sent a bad frame');
      return;
    }
    this.#heartbeat = Math.min(heartbeat, 600_000);
    this.#window = window;
    this.#pingLater();
    this.#owner.welcomed({ session, heartbeat, window });
  }

  /** @param {any} frame */
  #pushed({ pos, id, at, data, again = false, log = null }) {
    if (!isPosition(pos) || typeof id !== 'string' || data === undefined) {
      this.abort('the gateway sent a bad frame');
      return;
    }
    this.#owner.pushed({ id, position: pos, acceptedAt: at, data, again, log });
  }

  #pingLater() {
    this.#pinged = false;
    const due = this.#clock.now() + this.#heartbeat;
    this.#in(this.#heartbeat, () => {
      if (this.#clock.now() - due > this.#heartbeat) {
        // The gateway has given us up after one and a half.
        this.abort('the machine was asleep');
        return;
      }
      this.#pinged = true;
      this.#in(1.5 * this.#heartbeat + GRACE, () => this.abort('the gateway fell silent'));
      this.#send({ t: 'ping' });
    });
  }

  /** @param {object} frame */
  #send(frame) {
    this.#socket.send(JSON.stringify(frame));
  }

  /**
   * @param {number} ms
   * @param {() => void} task
   */
  #in(ms, task) {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(task, ms);
  }
}
