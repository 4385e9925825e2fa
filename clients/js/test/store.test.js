import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebStorageStore } from '../src/index.js';
import { Rig, fakeStorage, settle } from './fakes.js';

const entry = (n, log = null) => ({ id: `m-${n}`, position: `${n}-0`, log });

test('remembers over restarts, oldest first', () => {
  const storage = fakeStorage();
  const first = new WebStorageStore('shop/pos-7', storage);
  assert.deepEqual(first.load(), []);
  const entries = [entry(1), entry(2, 'all'), entry(3)];
  entries.forEach((each) => first.remember(each));
  const second = new WebStorageStore('shop/pos-7', storage);
  assert.deepEqual(second.load(), entries);
  second.remember(entry(4));
  assert.deepEqual(new WebStorageStore('shop/pos-7', storage).load(), [...entries, entry(4)]);
});

test('keeps 1,000 ids, and the last message of each log for as long as it takes', () => {
  const items = new Map();
  const store = new WebStorageStore('shop/pos-7', fakeStorage(items));
  store.load();
  store.remember(entry(1, 'quiet'));
  for (let n = 2; n <= 5000; n++) {
    store.remember(entry(n));
  }
  assert.equal(items.size, 1002);
  const loaded = new WebStorageStore('shop/pos-7', fakeStorage(items)).load();
  assert.deepEqual(loaded[0], entry(1, 'quiet'));
  assert.deepEqual(loaded.slice(1), Array.from({ length: 1000 }, (_, i) => entry(4001 + i)));
});

test('keeps devices apart, and leaves alone what others keep there', () => {
  const items = new Map([
    ['theme', 'dark'],
    ['pushgate:shop/pos-7:5', 'what is this'],
    ['pushgate:shop/pos-7:6', '7 no-position m-1'],
  ]);
  const seven = new WebStorageStore('shop/pos-7', fakeStorage(items));
  const other = new WebStorageStore('shop/pos-70', fakeStorage(items));
  other.remember(entry(1));
  assert.deepEqual(seven.load(), []);
  seven.remember(entry(2));
  assert.deepEqual(other.load(), [entry(1)]);
  assert.deepEqual(seven.load(), [entry(2)]);
  assert.equal(items.get('theme'), 'dark');
});

test('a client goes on where the last one ended', async () => {
  const storage = fakeStorage();
  const before = new Rig({ store: new WebStorageStore('shop/pos-7', storage) });
  const first = await before.connect();
  await first.push(1);
  await first.push(2);
  await first.push(3, { log: 'all' });

  const after = new Rig({ store: new WebStorageStore('shop/pos-7', storage) });
  const second = await after.connect();
  assert.equal(second.query('last'), 'm-2');
  assert.equal(second.query('cursors'), 'all:3-0');
  await second.push(2);
  await second.push(3, { log: 'all' });
  await second.push(4);
  assert.deepEqual(after.handed, ['m-4']);
  assert.deepEqual(second.acks, ['2-0', 'all:3-0', '4-0']);
});

test('does not take again what a log sends from before the cursor, however long ago', async () => {
  const storage = fakeStorage();
  const store = new WebStorageStore('shop/pos-7', storage);
  store.load();
  store.remember(entry(5, 'all'));
  for (let n = 6; n < 1010; n++) {
    store.remember(entry(n));
  }
  const rig = new Rig({ store: new WebStorageStore('shop/pos-7', storage) });
  const socket = await rig.connect();
  await socket.push(4, { log: 'all' });
  await socket.push(6, { log: 'all', id: 'new' });
  assert.deepEqual(rig.handed, ['new']);
  await rig.clock.advance(1_000);
  assert.deepEqual(socket.acks, ['all:6-0']);
});

test('sends as many cursors as fit, those used last', async () => {
  const load = () => Array.from({ length: 101 }, (_, i) => entry(1_763_712_345_678, `g.shop-${i}`));
  const rig = new Rig({ store: { load, remember() {} } });
  const socket = await rig.start();
  const cursors = socket.query('cursors').split(',');
  assert.equal(cursors.at(-1), 'g.shop-100:1763712345678-0');
  assert.ok(cursors.length > 50 && cursors.length < 101);
  assert.ok(socket.url.search.length < 4000);
});

test('acks when the store has it, and also when the store fails', async () => {
  const open = [];
  const store = {
    load: async () => [entry(1)],
    remember: () => new Promise((done, fail) => open.push({ done, fail })),
  };
  const rig = new Rig({ store });
  const socket = await rig.connect();
  assert.equal(socket.query('last'), 'm-1');
  await socket.push(2);
  assert.deepEqual(socket.acks, []);
  open[0].done();
  await settle();
  assert.deepEqual(socket.acks, ['2-0']);
  await socket.push(3);
  open[1].fail(new Error('quota exceeded'));
  await settle();
  assert.deepEqual(socket.acks, ['2-0', '3-0']);
  assert.match(rig.of('error')[0].message, /quota/);
});

test('connects without a memory when the store can not be read', async () => {
  const store = {
    load: () => {
      throw new Error('corrupt');
    },
    remember: () => {},
  };
  const rig = new Rig({ store });
  const socket = await rig.connect();
  await socket.push(1);
  assert.match(rig.of('error')[0].message, /corrupt/);
  assert.deepEqual(rig.handed, ['m-1']);
});

test('a page uses localStorage under the names in the token', async (t) => {
  const items = new Map();
  globalThis.localStorage = fakeStorage(items);
  globalThis.window = globalThis;
  t.after(() => {
    delete globalThis.window;
    delete globalThis.localStorage;
  });
  const claims = Buffer.from('{"app":"shop","device":"pos-7"}').toString('base64url');
  const rig = new Rig({ token: `h.${claims}.s` });
  const socket = await rig.connect();
  await socket.push(1);
  assert.deepEqual([...items.keys()], ['pushgate:shop/pos-7:0', 'pushgate:shop/pos-7:@']);
});
