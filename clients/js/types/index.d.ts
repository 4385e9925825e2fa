/** The place of a message: `<ms>-<n>`, two numbers below 2^63. Compare them as numbers, never as text. */
export type Position = `${number}-${number}` | (string & {});

/** Where a message stands. */
export interface Entry {
  /** The id the business chose. */
  readonly id: string;
  /** Grows from message to message in the device's inbox, and in each log. */
  readonly position: Position;
  /** The broadcast log it comes from; null for the device's own inbox. */
  readonly log: string | null;
}

/** A message for this device. */
export interface Message<T = unknown> extends Entry {
  /** When the gateway accepted it, milliseconds since 1970. */
  readonly acceptedAt: number;
  /** What the business sent, parsed; a number beyond 2^53 loses digits there, so send it as text. */
  readonly data: T;
  /** Whether the gateway sent it before on this connection; the app has not seen it nevertheless. */
  readonly again: boolean;
}

/** What each event says. */
export interface Events {
  /** A session is open. `heartbeat` is in milliseconds, `window` the messages sent ahead of acks. */
  connected: { readonly session: string; readonly heartbeat: number; readonly window: number };
  /**
   * A connection was lost, or an attempt to connect failed. `code` is the WebSocket close code, 1006
   * where there was none: a browser says no more of a refused token, a gateway that is full or one
   * that is away. `after` is how long the client waits before it connects again, milliseconds.
   */
  disconnected: {
    readonly code: number;
    readonly reason: string;
    readonly willReconnect: boolean;
    readonly after: number;
  };
  /** The last event: coming back is pointless until somebody acts. Replaced, kicked, or a defect. */
  terminated: { readonly code: number; readonly reason: string };
  /** Messages of this log were missed for good: the app has to fetch its state some other way. */
  reset: { readonly log: string };
  /**
   * A message that the app has got was taken back: recalled, or another device was the first to ack
   * it. One that the app has not got yet it never gets. Not promised: a lost connection loses this.
   */
  recall: { readonly id: string };
  /**
   * Something that a log should show: the app's handler, its token supplier or the store threw, or the
   * gateway sent an error. The client goes on by itself. Without a listener it goes to the console.
   */
  error: Error;
}

/**
 * What remembers the messages that the app has processed, over restarts. A store serves one device
 * of one app, and one client at a time.
 */
export interface MessageStore {
  /**
   * Everything that is remembered, oldest first: at least the last message of the inbox and of each
   * log, and best the last 1,000 ids. Called once, before the first connection.
   */
  load(): Iterable<Entry> | Promise<Iterable<Entry>>;
  /** Remembers one. The message is acked when this has returned or resolved. */
  remember(entry: Entry): void | Promise<void>;
}

/** The store of a page, and of whatever has a `Storage`. Bounded: 1,000 ids, and one for each log. */
export declare class WebStorageStore implements MessageStore {
  /**
   * @param name part of the keys, best `<app>/<device>`
   * @param storage `localStorage` by default
   */
  constructor(name: string, storage?: Storage);
  load(): Entry[];
  remember(entry: Entry): void;
}

/** For tests. Milliseconds. */
export interface Clock {
  now(): number;
  setTimeout(task: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface ClientOptions<T = any> {
  /**
   * Addresses of the gateway, `ws://host[:port][/path]` or `wss://…`: the client starts at a random
   * one and takes the next at each attempt to connect. Without a path it is `/v1/ws`.
   */
  url: string | URL | readonly (string | URL)[];
  /**
   * A JWT, or who gives one at each connect. `refused` says that the last attempt got no session, or
   * lost it because the token expired: then a token from a cache may be the reason, so get a new one.
   * It may throw or reject: the client backs off and asks again.
   */
  token: string | ((why: { refused: boolean }) => string | Promise<string>);
  /**
   * Takes a message: each one once, one at a time, in the order in which the gateway accepted them.
   * It is acked when this returns, or when the promise it returns resolves. If it throws or rejects,
   * nothing after it is handed on, the client reconnects with backoff, and hands it on again.
   */
  onMessage: (message: Message<T>) => unknown;
  /**
   * Remembers processed messages over restarts. By default `localStorage` in a page, under the names
   * of app and device in the token, and memory elsewhere.
   */
  store?: MessageStore;
  /** Bounds of the random wait before it connects again, milliseconds; 500 and 30,000. */
  minBackoff?: number;
  maxBackoff?: number;
  /** The app's version, for the gateway's meters: 1 to 64 of `A-Z a-z 0-9 . _ -`. */
  version?: string;
  /** For a runtime without a global one, such as Node 20: that of the package `ws` does. */
  WebSocket?: new (url: string, protocol: string) => any;
  /** For tests: from 0 to below 1. */
  random?: () => number;
  clock?: Clock;
}

/**
 * A device's connection to the gateway. Keeps itself connected, resumes after the message that was
 * processed last, hands each message to the app once and in order, and acks.
 */
export declare class PushgateClient<T = any> {
  /** @throws TypeError or RangeError where an option is missing or makes no sense */
  constructor(options: ClientOptions<T>);
  /** Whether a session is open at this moment. */
  readonly connected: boolean;
  /** Connects, now and whenever the connection is lost. Once; later calls do nothing. */
  start(): this;
  /**
   * Closes the connection and stays down: no message is handed on any more. A message that the app is
   * at is remembered when it is done, and not acked.
   */
  close(): Promise<void>;
  /** Hears of an event. Returns what takes the listener off again. */
  on<K extends keyof Events>(name: K, listener: (event: Events[K]) => void): () => void;
}
