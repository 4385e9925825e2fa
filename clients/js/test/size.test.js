import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const root = new URL('../', import.meta.url);

test('takes at most 10 KB gzipped, its files as one', (t) => {
  const files = readdirSync(new URL('src', root));
  const code = files.map((file) => readFileSync(new URL(`src/${file}`, root)));
  const total = gzipSync(Buffer.concat(code), { level: 9 }).length;
  t.diagnostic(`${files.length} files, ${total} bytes gzipped`);
  assert.ok(total > 1_000 && total <= 10 * 1024, `${total} bytes`);
});

test('needs nothing at run time', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(new URL('package.json', root)));
  assert.equal(dependencies ?? peerDependencies, undefined);
});
