import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rig, settle } from './fakes.js';

test('connects with everything in the query', async () => {
  const socket = await new Rig({ version: 'till-3.1', token: 'a.b+c' }).start();
  assert.equal(socket.url.origin + socket.url.pathname, 'wss://push.example.org/v1/ws');
  assert.equal(socket.protocol, 'pushgate.v1.json');
  assert.equal(socket.query('version'), 'till-3.1');
  assert.equal(socket.query('token'), 'a.b+c');
  assert.equal(socket.query('last'), null);
  assert.equal(socket.query('cursors'), '');
});

test('keeps path and query of the address, and takes the addresses in turn', async () => {
  const rig = new Rig({ url: ['ws://a/x?y=1', 'ws://b/'] });
  const hosts = [];
  await rig.start();
  for (let i = 0; i < 3; i++) {
    hosts.push(rig.socket.url.host);
    await rig.socket.end();
    await rig.retry();
  }
  assert.deepEqual(hosts, ['b', 'a', 'b']);
  assert.equal(rig.sockets[1].url.pathname, '/x');
  assert.equal(rig.sockets[1].query('y'), '1');
});

test('says what is wrong with its options', () => {
  assert.throws(() => new Rig({ url: 'https://push.example.org' }), /not a ws:\/\/ or wss:/);
  assert.throws(() => new Rig({ url: [] }), /needs an address/);
  assert.throws(() => new Rig({ token: '' }), /a token/);
  assert.throws(() => new Rig({ onMessage: null }), /a handler/);
  assert.throws(() => new Rig({ WebSocket: null }), /option WebSocket/);
  assert.throws(() => new Rig({ minBackoff: 0 }), /backoff/);
  assert.throws(() => new Rig({ minBackoff: 10, maxBackoff: 5 }), /backoff/);
});

test('starts once', async () => {
  const rig = new Rig();
  await rig.start();
  await rig.start();
  assert.equal(rig.sockets.length, 1);
});

test('says when it is connected and when not', async () => {
  const rig = new Rig();
  const socket = await rig.start();
  assert.equal(rig.client.connected, false);
  await socket.welcome();
  assert.equal(rig.client.connected, true);
  assert.deepEqual(rig.of('connected'), [{ session: 'n1-42', heartbeat: 30_000, window: 64 }]);
  await socket.end(1012, 'restart');
  assert.equal(rig.client.connected, false);
  assert.deepEqual(rig.of('disconnected'), [
    { code: 1012, reason: 'restart', willReconnect: true, after: 250 },
  ]);
});

test('backs off with full jitter, up to the bound', async () => {
  const rig = new Rig();
  await rig.start();
  for (let i = 0; i < 9; i++) {
    rig.random = i % 2 ? 0 : 0.9999999;
    await rig.socket.end();
    await rig.retry();
  }
  assert.deepEqual(
    rig.of('disconnected').map(({ after }) => after),
    [500, 0, 2000, 0, 8000, 0, 30_000, 0, 30_000],
  );
});

test('backs off anew after a connection that lasted or brought something', async () => {
  const rig = new Rig();
  await rig.start();
  await rig.socket.end();
  await rig.reconnect();
  await rig.socket.end(); // no sooner there than gone
  await rig.reconnect();
  await rig.clock.advance(10_000);
  await rig.socket.end(); // lasted
  await rig.reconnect();
  await rig.socket.push(1);
  await rig.socket.end(); // brought a message
  assert.deepEqual(rig.of('disconnected').map(({ after }) => after), [250, 500, 250, 250]);
});

for (const code of [1002, 1003, 1007, 1008, 1009, 4409, 4411]) {
  test(`stays down after ${code}`, async () => {
    const rig = new Rig();
    const socket = await rig.connect();
    await socket.end(code, 'why');
    await rig.clock.advance(3_600_000);
    assert.equal(rig.sockets.length, 1);
    assert.deepEqual(rig.of('disconnected'), [{ code, reason: 'why', willReconnect: false, after: 0 }]);
    assert.deepEqual(rig.of('terminated'), [{ code, reason: 'why' }]);
    assert.equal(rig.clock.timers, 0);
    await rig.client.close();
  });
}

test('comes back once when its own broken attempt may have replaced it', async () => {
  const rig = new Rig();
  await rig.start();
  await rig.socket.end();
  await rig.reconnect();
  await rig.clock.advance(59_000);
  await rig.socket.end(4409);
  await rig.reconnect();
  await rig.socket.end(4409);
  assert.equal(rig.of('terminated').length, 1);
});

test('comes back as often as its attempts broke', async () => {
  const rig = new Rig();
  await rig.start();
  await rig.socket.end();
  await rig.reconnect();
  await rig.socket.end();
  await rig.reconnect();
  await rig.socket.end(4409);
  await rig.reconnect();
  await rig.socket.end(4409);
  await rig.reconnect();
  assert.equal(rig.of('terminated').length, 0);
  await rig.socket.end(4409);
  assert.equal(rig.of('terminated').length, 1);
});

test('comes back when an attempt that the gateway gave up may have replaced it', async () => {
  const rig = new Rig();
  const socket = await rig.start();
  await socket.end(1012);
  await rig.reconnect();
  await rig.socket.end(4409);
  assert.ok(rig.of('disconnected').at(-1).willReconnect);
});

test('stays down when it is replaced long after a connection broke', async () => {
  const rig = new Rig();
  await rig.connect();
  await rig.socket.end();
  await rig.reconnect();
  await rig.clock.advance(30_000);
  await rig.socket.frame({ t: 'pong' });
  await rig.clock.advance(30_001);
  await rig.socket.end(4409);
  assert.equal(rig.of('terminated').length, 1);
});

for (const code of [1000, 1001, 1005, 1006, 1011, 1012, 1013, 4401, 4408, 4410, 4429, 4999]) {
  test(`comes back after ${code}`, async () => {
    const rig = new Rig();
    const socket = await rig.connect();
    await socket.end(code);
    await rig.reconnect();
    assert.equal(rig.client.connected, true);
  });
}

test('asks for a token at each connect, and says where the last may have been refused', async () => {
  const rig = new Rig();
  await rig.start();
  await rig.socket.end(); // 401 or away: a browser can't tell
  await rig.reconnect();
  await rig.socket.end(1012);
  await rig.reconnect();
  await rig.socket.end(4401);
  await rig.reconnect();
  assert.deepEqual(rig.refused, [false, true, false, true]);
});

test('backs off when the token supplier fails or gives no token', async () => {
  const tokens = [Promise.reject(new Error('signed out')), '', 'white space', undefined, 'a.jwt'];
  tokens[0].catch(() => {});
  const rig = new Rig({ token: () => tokens.shift() });
  await rig.start();
  await rig.clock.advance(250 + 500 + 1000 + 2000);
  assert.equal(rig.sockets.length, 1);
  assert.deepEqual(rig.of('error').map(({ message }) => message), [
    'signed out',
    ...Array(3).fill('the token supplier gave no JWT'),
  ]);
  assert.deepEqual(rig.of('disconnected').map(({ after }) => after), [250, 500, 1000, 2000]);
});

const jwt = (claims) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

test('does not become another device', async () => {
  const tokens = [jwt({ app: 'shop', device: 'pos-7' }), jwt({ app: 'shop', device: 'pos-8' })];
  const rig = new Rig({ token: () => tokens.shift() ?? jwt({ app: 'shop', device: 'pos-7' }) });
  const socket = await rig.connect();
  await socket.end();
  await rig.clock.advance(250);
  assert.equal(rig.sockets.length, 1);
  assert.match(rig.of('error')[0].message, /another device/);
  await rig.clock.advance(500);
  assert.equal(rig.sockets.length, 2);
});

test('survives a WebSocket that throws', async () => {
  class Throwing {
    constructor() {
      throw new SyntaxError('not in a secure page');
    }
  }
  const rig = new Rig({ WebSocket: Throwing });
  await rig.start();
  assert.match(rig.of('error')[0].message, /secure page/);
  assert.equal(rig.of('disconnected')[0].willReconnect, true);
});

test('pings every heartbeat and is content with any answer', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  for (let i = 1; i <= 5; i++) {
    await rig.clock.advance(30_000);
    assert.equal(socket.pings, i);
    await (i % 2 ? socket.frame({ t: 'pong' }) : socket.push(i));
  }
  assert.equal(rig.client.connected, true);
});

test('gives up a gateway that answers no ping', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  await rig.clock.advance(30_000);
  await rig.clock.advance(49_999);
  assert.equal(rig.client.connected, true);
  await rig.clock.advance(1);
  assert.equal(rig.client.connected, false);
  assert.match(rig.of('disconnected')[0].reason, /fell silent/);
  assert.ok(socket.closed);
  assert.equal(socket.pings, 1);
  await socket.push(1);
  assert.deepEqual(rig.handed, [], 'nobody listens to it any more');
});

test('does not trust a connection after the machine was asleep', async () => {
  const rig = new Rig();
  await rig.connect();
  await rig.clock.sleep(3_600_000);
  assert.match(rig.of('disconnected')[0].reason, /asleep/);
});

test('gives up a connection that has no welcome in time', async () => {
  const rig = new Rig();
  const socket = await rig.start();
  await rig.clock.advance(4_999);
  assert.equal(socket.closed, undefined);
  await rig.clock.advance(1);
  assert.ok(socket.closed);
  assert.match(rig.of('disconnected')[0].reason, /no welcome/);
  assert.doesNotThrow(() => socket.onerror({}), 'ws reports such a close as an error');
});

test('goes away when it was asked to, and comes back at once', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  await socket.frame({ t: 'goaway', reason: 'drain', after: 1200 });
  await socket.frame({ t: 'goaway', reason: 'drain', after: 9000 });
  await rig.clock.advance(1199);
  await socket.push(1);
  assert.equal(socket.closed, undefined);
  assert.deepEqual(rig.handed, ['m-1']);
  await rig.clock.advance(1);
  assert.deepEqual(socket.closed, { code: 1000, reason: 'goaway: drain' });
  await socket.push(2);
  assert.deepEqual(rig.handed, ['m-1'], 'the next session brings it');
  await socket.end(1000);
  assert.equal(rig.of('disconnected')[0].after, 0);
  await rig.reconnect();
});

test('waits as long as it was asked to when the gateway is gone before', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  await socket.frame({ t: 'goaway', reason: 'drain', after: 1200 });
  await rig.clock.advance(200);
  await socket.end(1012);
  assert.equal(rig.of('disconnected')[0].after, 1000);
  await rig.reconnect();
  await rig.socket.end();
  assert.equal(rig.of('disconnected')[1].after, 250);
});

test('goes once where a goaway names, with the path it has, and then as ever', async () => {
  const rig = new Rig({ url: 'ws://a1.example.com/v1/ws?tenant=7' });
  let socket = await rig.connect();
  await socket.frame({ t: 'goaway', reason: 'balance', after: 0, url: '//a2.example.com:8080' });
  await socket.end();
  socket = await rig.reconnect();
  assert.match(socket.url.href, /^ws:\/\/a2\.example\.com:8080\/v1\/ws\?tenant=7&/);
  await socket.end();
  socket = await rig.reconnect();
  assert.match(socket.url.href, /^ws:\/\/a1\.example\.com\/v1\/ws/);
  await socket.frame({ t: 'goaway', reason: 'balance', after: 0, url: 'wss://a2.example.com/' });
  await socket.end();
  socket = await rig.reconnect();
  assert.match(socket.url.href, /^ws:\/\/a1\.example\.com/, 'another scheme');
});

test('is not kept away for longer than five minutes', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  await socket.frame({ t: 'goaway', reason: 'drain', after: 1e12 });
  await socket.end();
  assert.equal(rig.of('disconnected')[0].after, 300_000);
});

test('does not wait for ever for the answer to its close frame', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  await socket.frame({ t: 'goaway', reason: 'drain', after: 0 });
  await rig.clock.advance(0);
  assert.ok(socket.closed);
  await rig.clock.advance(999);
  assert.equal(rig.sockets.length, 1);
  await rig.clock.advance(1);
  assert.equal(rig.sockets.length, 2);
});

test('closes, and stays closed', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  const closed = rig.client.close();
  assert.deepEqual(socket.closed, { code: 1000, reason: 'closed by the client' });
  await socket.end(1000);
  await closed;
  await rig.client.close();
  assert.deepEqual(rig.of('disconnected'), [
    { code: 1000, reason: 'closed by the client', willReconnect: false, after: 0 },
  ]);
  assert.equal(rig.clock.timers, 0);
  rig.client.start();
  await rig.clock.advance(3_600_000);
  assert.equal(rig.sockets.length, 1);
});

test('closes before it has connected, in the backoff, and while it waits for a token', async () => {
  const connecting = new Rig();
  const socket = await connecting.start();
  await connecting.client.close();
  assert.ok(socket.closed);

  const waiting = new Rig();
  await waiting.start();
  await waiting.socket.end();
  await waiting.client.close();

  let give;
  const tokenless = new Rig({ token: () => new Promise((resolve) => (give = resolve)) });
  await tokenless.start();
  await tokenless.client.close();
  give('a.jwt');
  await settle();
  assert.equal(tokenless.sockets.length, 0);

  for (const rig of [connecting, waiting, tokenless]) {
    assert.equal(rig.clock.timers, 0);
    assert.equal(rig.of('terminated').length, 0);
  }
});

for (const [what, frame] of [
  ['is not JSON', 'not json'],
  ['is no object', 'null'],
  ['has no type', '{}'],
  ['is binary', new Uint8Array(2)],
  ['is a second welcome', '{"t":"welcome","session":"s","heartbeat":30000,"window":64}'],
  ['is a push without a position', '{"t":"push","id":"a","at":1,"data":1}'],
  ['is a push with a bad position', '{"t":"push","pos":"1","id":"a","at":1,"data":1}'],
  ['is a push without data', '{"t":"push","pos":"1-0","id":"a","at":1}'],
]) {
  test(`gives up a gateway whose frame ${what}`, async () => {
    const rig = new Rig();
    const socket = await rig.connect();
    socket.onmessage({ data: frame });
    await settle();
    assert.ok(socket.closed);
    assert.match(rig.of('disconnected')[0].reason, /bad frame|welcome/);
    assert.deepEqual(rig.handed, []);
  });
}

test('wants the welcome first', async () => {
  const rig = new Rig();
  const socket = await rig.start();
  await socket.push(1);
  assert.ok(socket.closed);
  assert.deepEqual(rig.handed, []);
});

test('reports errors, and ignores frames and fields of later versions', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  await socket.frame({ t: 'error', code: 'bad_ack', message: 'never sent' });
  await socket.frame({ t: 'telepathy', pos: 7 });
  assert.match(rig.of('error')[0].message, /bad_ack: never sent/);
  assert.equal(rig.client.connected, true);
});

test('outlives listeners that throw, and lets go of those taken off', async (t) => {
  const log = t.mock.method(console, 'error', () => {});
  const rig = new Rig();
  const heard = [];
  rig.client.on('connected', () => {
    throw new Error('in a listener');
  });
  const off = rig.client.on('connected', ({ session }) => heard.push(session));
  const socket = await rig.connect();
  off();
  await socket.end();
  await rig.reconnect();
  assert.deepEqual(heard, ['n1-42']);
  assert.equal(log.mock.callCount(), 2);
});

test('says its errors on the console where nobody listens', async (t) => {
  const log = t.mock.method(console, 'error', () => {});
  const { PushgateClient } = await import('../src/index.js');
  const client = new PushgateClient({
    url: 'ws://localhost',
    token: () => '',
    onMessage: () => {},
    WebSocket: class {},
  });
  client.start();
  await settle();
  await client.close();
  assert.match(String(log.mock.calls[0].arguments[1]), /gave no JWT/);
});
