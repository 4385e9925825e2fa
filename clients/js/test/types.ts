// Compiled, not run: holds the declarations to the implementation, and to what an app writes.
import * as implementation from '../src/index.js';
import * as declared from '../types/index.js';
import { PushgateClient, WebStorageStore, type Message, type MessageStore } from '../types/index.js';

const asDeclared: typeof declared = implementation;
const nothingElse: Exclude<keyof typeof implementation, keyof typeof declared> extends never ? true : false = true;

interface Order {
  order: number;
}

const client = new PushgateClient<Order>({
  url: ['wss://a.example.org', new URL('wss://b.example.org/v1/ws')],
  token: async ({ refused }) => (refused ? 'new' : 'cached'),
  onMessage: async (message) => {
    const order: number = message.data.order;
    const log: string | null = message.log;
    // @ts-expect-error: a message can't be changed
    message.id = 'other';
    return [order, log];
  },
  store: new WebStorageStore('shop/pos-7', sessionStorage),
});

const off: () => void = client.on('disconnected', ({ code, reason, willReconnect, after }) => {
  const numbers: number[] = [code, after];
  return [numbers, reason, willReconnect];
});
client.on('error', (error) => error.stack);
client.on('reset', ({ log }) => log.length);
// @ts-expect-error: there is no such event
client.on('open', () => {});
// @ts-expect-error: a client needs a token
new PushgateClient({ url: 'ws://localhost', onMessage: () => {} });

const store: MessageStore = {
  load: async () => [{ id: 'a', position: '1-0', log: null }],
  remember: async () => {},
};
const untyped = new PushgateClient({
  url: 'ws://localhost',
  token: 'jwt',
  onMessage: (message: Message) => message.data,
  store,
});
const closed: Promise<void> = untyped.start().close();

export { asDeclared, nothingElse, off, closed };
