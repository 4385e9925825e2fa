import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const root = new URL('../', import.meta.url);

test('takes at most 10 KB gzipped, each file by itself as a page loads them', (t) => {
  const sizes = readdirSync(new URL('src', root)).map(
    (file) => gzipSync(readFileSync(new URL(`src/${file}`, root)), { level: 9 }).length,
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  t.diagnostic(`${sizes.length} files, ${total} bytes gzipped`);
  assert.ok(total > 1_000 && total <= 10 * 1024, `${total} bytes`);
});

test('needs nothing at run time', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(new URL('package.json', root)));
  assert.equal(dependencies ?? peerDependencies, undefined);
});
