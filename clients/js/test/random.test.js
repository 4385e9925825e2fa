import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebStorageStore } from '../src/index.js';
import { Rig, fakeStorage, settle } from './fakes.js';

const MESSAGES = 300;
const WINDOW = 16;
const LOGS = [null, 'all', 'group:eu'];

/** mulberry32, so that a run can be repeated: SEED=… node --test test/random.test.js */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An inbox or a log at the gateway: sends from the last ack on, ends who acks what was not sent. */
class Source {
  acked = 0;
  sent = 0;

  connected() {
    this.sent = this.acked;
  }

  next(random) {
    if (random() < 0.1) {
      this.sent = this.acked; // a redelivery
    }
    return this.sent < Math.min(MESSAGES, this.acked + WINDOW) ? ++this.sent : undefined;
  }

  ack(position) {
    assert.ok(position <= this.highest, `${position} was not sent on this session`);
    this.acked = Math.max(this.acked, position);
  }
}

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

for (let run = 0; run < 8; run++) {
  test(`gives the app each message once and in order, whatever happens (SEED=${SEED + run})`, async () => {
    const random = generator(SEED + run);
    const sources = new Map(LOGS.map((log) => [log, new Source()]));
    const processed = new Map(LOGS.map((log) => [log, []]));
    const storage = fakeStorage();
    const handler = async ({ log, data }) => {
      for (let i = random() * 4; i > 1; i--) {
        await settle();
      }
      if (random() < 0.02) {
        throw new Error('not now');
      }
      processed.get(log).push(data.n);
    };
    const newApp = () =>
      new Rig({ onMessage: handler, random, store: new WebStorageStore('shop/pos-7', storage) });
    let rig = newApp();
    const done = () => [...processed.values()].every((ns) => ns.length === MESSAGES);

    const acks = () => {
      for (const { t, pos, log } of rig.socket.sent.splice(0)) {
        if (t === 'ack' && random() < 0.8) {
          sources.get(log ?? null).ack(Number(pos.split('-')[0]));
        }
      }
    };
    const session = async () => {
      for (const source of sources.values()) {
        source.connected();
        source.highest = 0;
      }
      await rig.socket.welcome();
      while (rig.client.connected && !done()) {
        const log = LOGS[Math.floor(random() * LOGS.length)];
        const source = sources.get(log);
        const n = source.next(random);
        if (n) {
          source.highest = Math.max(source.highest, n);
          await rig.socket.push(n, { id: `${log}-${n}`, ...(log && { log }) });
        } else {
          await settle();
        }
        acks();
        if (random() < 0.01) {
          await rig.socket.end();
        }
      }
    };
    await rig.start();
    for (await session(); !done(); await session()) {
      if (random() < 0.2) {
        await rig.client.close();
        for (let i = 0; i < 10; i++) {
          await settle(); // what the old page is at comes to its end
        }
        rig = newApp();
        await rig.start();
      } else {
        await rig.retry();
      }
    }
    const all = Array.from({ length: MESSAGES }, (_, i) => i + 1);
    for (const log of LOGS) {
      assert.deepEqual(processed.get(log), all, `of ${log}`);
    }
    await Promise.all([rig.client.close(), rig.socket.end()]);
  });
}
