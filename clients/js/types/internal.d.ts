/** What the parts of the client ask of each other; not for apps. */
import type { Events, Message, Position } from './index.js';

/** How a connection, or the attempt at one, ended. */
export type End = Events['terminated'];
export type Welcome = Events['connected'];

/** Whom a connection reports to. */
export interface ConnectionOwner {
  welcomed(welcome: Welcome): void;
  pushed(message: Message): void;
  goaway(reason: string, after: number, url: any): void;
  reset(log: string, position: Position): void;
  recalled(id: string, position: Position, log: string | null): void;
  error(error: Error): void;
  /** The last call, exactly once, also where the connection never came up. */
  ended(end: End, welcomed: boolean): void;
}

/** What the deliveries ask of their client. */
export interface DeliverySink {
  /** Everything up to here may be acked; called again for a repeat whose ack was lost. */
  ack(position: Position, log: string | null): void;
  /** Nothing more may come in over this connection. */
  failed(reason: string): void;
  error(error: unknown): void;
}
