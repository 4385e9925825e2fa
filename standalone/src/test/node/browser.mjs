// A Chromium from npm, for pages that exist only in the test.
import bundled from '@sparticuz/chromium';
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

bundled.setGraphicsMode = false;

// Of the package's own flags those that switch security off are left out; the others keep it from calling home.
const UNWANTED = /^--(disable-web-security|allow-running-insecure-content|single-process|no-zygote|headless)/;
const ARGS = [
  ...bundled.args.filter((flag) => !UNWANTED.test(flag)),
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/** @param {string[]} urls that pages may connect to, whatever their ports are known for */
export async function launch(...urls) {
  const ports = urls.map((url) => new URL(url).port);
  return chromium.launch({
    executablePath: await bundled.executablePath(),
    args: [...ARGS, `--explicitly-allowed-ports=${ports}`],
    headless: true,
  });
}

const TYPES = { js: 'text/javascript', html: 'text/html; charset=utf-8' };

/** Answers for an address of the page with a file. */
export async function fulfill(route, file) {
  const contentType = TYPES[String(file).split('.').pop()];
  await route.fulfill({ body: await readFile(file, 'utf8'), contentType });
}
