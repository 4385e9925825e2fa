// usage: client-in-node.mjs URL TOKEN
// The client in Node: prints each event and each message as one line of JSON, until stdin ends.
import { PushgateClient } from '../../../../clients/js/src/index.js';
import { print, untilStdinEnds } from './lines.mjs';

const [url, token] = process.argv.slice(2);
const WebSocket = globalThis.WebSocket ?? (await import('ws')).default;

const client = new PushgateClient({
  url,
  token: async () => token,
  onMessage: async ({ id, data }) => {
    await new Promise(setImmediate);
    print('message', { id, data });
  },
  WebSocket,
});
for (const event of ['connected', 'disconnected', 'terminated', 'error']) {
  client.on(event, (detail) => print(event, detail instanceof Error ? { reason: detail.message } : detail));
}
client.start();
await untilStdinEnds();
await client.close();
