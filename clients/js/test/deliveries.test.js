import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rig, settle } from './fakes.js';

test('hands messages on in order and acks each', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  await socket.push(1);
  await socket.push(2);
  assert.deepEqual(rig.handed, ['m-1', 'm-2']);
  assert.deepEqual(socket.acks, ['1-0', '2-0']);
});

test('gives the app what the business sent', async () => {
  const messages = [];
  const rig = new Rig({ onMessage: (message) => messages.push(message) });
  const socket = await rig.connect();
  await socket.frame({ t: 'push', pos: '7-1', id: 'order', at: 5, data: [null], later: 1 });
  await socket.frame({ t: 'push', pos: '8-0', id: 'all', at: 6, data: null, again: true, log: 'all' });
  assert.deepEqual(messages, [
    { id: 'order', position: '7-1', acceptedAt: 5, data: [null], again: false, log: null },
    { id: 'all', position: '8-0', acceptedAt: 6, data: null, again: true, log: 'all' },
  ]);
  await rig.clock.advance(1_000);
  assert.deepEqual(socket.acks, ['7-1', 'all:8-0']);
});

test('compares positions as numbers, also beyond 2^53', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  const positions = ['9-0', '10-0', '10-9', '10-10', '9007199254740992-0', '9007199254740993-0'];
  for (const pos of positions) {
    await socket.frame({ t: 'push', pos, id: `at-${pos}`, at: 1, data: 1 });
  }
  assert.deepEqual(socket.acks, positions);
});

test('acks when the promise of the handler resolves, and takes one message at a time', async () => {
  const open = [];
  const rig = new Rig({ onMessage: ({ id }) => new Promise((done) => open.push([id, done])) });
  const socket = await rig.connect();
  await socket.push(1);
  await socket.push(2);
  assert.deepEqual(open.map(([id]) => id), ['m-1']);
  assert.deepEqual(socket.acks, []);
  open[0][1]();
  await settle();
  assert.deepEqual(open.map(([id]) => id), ['m-1', 'm-2']);
  assert.deepEqual(socket.acks, ['1-0']);
});

test('drops a repeat and acks it, for its ack may be lost', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  await socket.push(1);
  await socket.push(2);
  await socket.push(1, { again: true });
  assert.deepEqual(rig.handed, ['m-1', 'm-2']);
  assert.deepEqual(socket.acks, ['1-0', '2-0', '2-0']);
});

test('drops a message that came again under another position', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  await socket.push(1, { id: 'a' });
  await socket.push(2, { id: 'a' });
  await socket.push(3, { id: 'b' });
  assert.deepEqual(rig.handed, ['a', 'b']);
  assert.deepEqual(socket.acks, ['1-0', '2-0', '3-0']);
});

test('takes an id again after the 24 hours in which it means the same message', async () => {
  const rig = new Rig();
  const socket = await rig.connect();
  const day = 24 * 3600 * 1000;
  await socket.push(1, { id: 'a' });
  await socket.push(day, { id: 'a' });
  await socket.push(2 * day, { id: 'a' });
  assert.deepEqual(rig.handed, ['a', 'a']);
});

test('does not ack on a session what was not sent on it', async () => {
  const open = [];
  const rig = new Rig({ onMessage: () => new Promise((done) => open.push(done)) });
  const first = await rig.connect();
  await first.push(1);
  await first.push(2);
  await first.end();
  const second = await rig.reconnect();
  open[0]();
  await settle();
  assert.deepEqual(second.acks, [], 'the gateway would close with bad_ack');
  await second.push(1);
  assert.deepEqual(second.acks, ['1-0']);
  open[1]();
  await settle();
  assert.deepEqual(second.acks, ['1-0', '1-0']);
  await second.push(2);
  assert.deepEqual(second.acks, ['1-0', '1-0', '2-0']);
  assert.equal(open.length, 2, 'each was handed on once');
});

test('has a message sent again when the handler throws, and hands nothing on after it', async () => {
  let broken = true;
  const rig = new Rig({
    onMessage: async ({ id }) => {
      rig.handed.push(id);
      if (id === 'm-2' && broken) {
        throw new Error('the printer is out of paper');
      }
    },
  });
  const first = await rig.connect();
  first.push(1);
  first.push(2);
  first.push(3);
  await settle();
  assert.deepEqual(rig.handed, ['m-1', 'm-2']);
  assert.deepEqual(first.acks, ['1-0']);
  assert.ok(first.closed);
  assert.match(rig.of('error')[0].message, /out of paper/);
  assert.match(rig.of('disconnected')[0].reason, /could not take message m-2/);
  broken = false;
  const second = await rig.reconnect();
  assert.equal(second.query('last'), 'm-1');
  await second.push(2);
  await second.push(3);
  assert.deepEqual(rig.handed, ['m-1', 'm-2', 'm-2', 'm-3']);
  assert.deepEqual(second.acks, ['2-0', '3-0']);
});

test('backs off from a message that the app never takes', async () => {
  const rig = new Rig({
    onMessage: () => {
      throw 'no error object';
    },
  });
  let socket = await rig.connect();
  for (let i = 0; i < 4; i++) {
    await socket.push(1);
    socket = await rig.reconnect();
  }
  assert.deepEqual(rig.of('disconnected').map(({ after }) => after), [250, 500, 1000, 2000]);
  assert.ok(rig.of('error').every((error) => error.message === 'no error object'));
});

test('keeps the logs apart', async () => {
  const rig = new Rig();
  const first = await rig.connect();
  await first.push(5, { id: 'a' });
  await first.push(3, { id: 'b', log: 'all' });
  await first.push(4, { id: 'c', log: 'group:eu' });
  await first.push(3, { id: 'b', log: 'all', again: true });
  assert.deepEqual(rig.handed, ['a', 'b', 'c']);
  assert.deepEqual(first.acks, ['5-0'], 'broadcasts are acked later');
  await rig.clock.advance(1_000);
  assert.deepEqual(first.acks, ['5-0', 'all:3-0', 'group:eu:4-0']);
  await first.end();
  const second = await rig.reconnect();
  assert.equal(second.query('last'), 'a');
  assert.equal(second.query('cursors'), 'all:3-0,group:eu:4-0');
});

test('acks broadcasts when they are a quarter of the window, and before it goes', async () => {
  const rig = new Rig();
  const socket = await rig.start();
  await socket.welcome({ window: 12 });
  await socket.push(1, { log: 'all' });
  await socket.push(2, { log: 'g.eu' });
  await rig.clock.advance(999);
  assert.deepEqual(socket.acks, []);
  await socket.push(3, { log: 'all' });
  assert.deepEqual(socket.acks, ['all:3-0', 'g.eu:2-0']);
  await rig.clock.advance(1_000);
  await socket.push(4, { log: 'all' });
  assert.deepEqual(socket.acks, ['all:3-0', 'g.eu:2-0']);
  rig.client.close();
  assert.deepEqual(socket.acks, ['all:3-0', 'g.eu:2-0', 'all:4-0']);
});

test('tells the app of a gap in a log, in order, and takes what follows', async () => {
  const rig = new Rig();
  const order = [];
  rig.client.on('reset', ({ log }) => order.push(`reset ${log}`));
  const socket = await rig.connect();
  await socket.push(9, { id: 'a', log: 'all' });
  await socket.frame({ t: 'reset', log: 'all', pos: '20-0' });
  await socket.end();
  const second = await rig.reconnect();
  assert.equal(second.query('cursors'), 'all:20-0');
  await second.push(21, { id: 'b', log: 'all' });
  await rig.clock.advance(1_000);
  await second.frame({ t: 'reset', log: 'all' }); // a log that begins anew
  await second.push(2, { id: 'c', log: 'all' });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.handed, ['a', 'b', 'c']);
  assert.deepEqual(order, ['reset all', 'reset all']);
  assert.deepEqual(second.acks, ['all:21-0', 'all:2-0']);
});

test('does not hand on what was taken back, and tells the app of what it has got', async () => {
  const open = [];
  const order = [];
  const rig = new Rig({
    onMessage: ({ id }) => {
      order.push(id);
      return new Promise((done) => open.push(done));
    },
  });
  rig.client.on('recall', ({ id }) => order.push(`recall ${id}`));
  const socket = await rig.connect();
  const recall = (n) => socket.frame({ t: 'recall', pos: `${n}-0`, id: `m-${n}`, more: true });
  for (const n of [1, 2, 3]) {
    await socket.push(n);
  }
  await recall(1); // the app is at it
  await recall(2); // waits
  await recall(9); // was never here
  await socket.frame({ t: 'recall', id: 'without a position' });
  open[0]();
  await settle();
  open[1]();
  await settle();
  await recall(3);
  await socket.frame({ t: 'recall', pos: '3-0', id: 'of-a-log', log: 'all' }); // never was here
  assert.deepEqual(order, ['m-1', 'm-3', 'recall m-1', 'recall without a position', 'recall m-3']);
  assert.deepEqual(socket.acks, ['1-0', '2-0', '3-0']);
});

test('bounds what waits for a slow app, and loses nothing by it', async () => {
  const open = [];
  const rig = new Rig({
    onMessage: ({ id }) => {
      rig.handed.push(id);
      return new Promise((done) => open.push(done));
    },
  });
  const first = await rig.connect();
  for (let n = 1; n < 4200; n++) {
    first.push(n);
  }
  await settle();
  assert.match(rig.of('disconnected')[0].reason, /too slow/);
  const second = await rig.reconnect();
  for (let n = 1; n < 4200; n++) {
    while (open.length) {
      open.shift()();
      await Promise.resolve();
    }
    await second.push(n);
  }
  while (open.length) {
    open.shift()();
    await settle();
  }
  assert.deepEqual(rig.handed, Array.from({ length: 4199 }, (_, n) => `m-${n + 1}`));
});

test('hands nothing on after close', async () => {
  const open = [];
  const rig = new Rig({
    onMessage: ({ id }) => {
      rig.handed.push(id);
      return new Promise((done) => open.push(done));
    },
  });
  const socket = await rig.connect();
  await socket.push(1);
  await socket.push(2);
  rig.client.close();
  await socket.push(3);
  open[0]();
  await settle();
  assert.deepEqual(rig.handed, ['m-1']);
  assert.deepEqual(socket.acks, []);
});
