// usage: client-in-browser.mjs URL TOKEN
// The page of README.md in Chromium, at http://localhost: prints what it logs and each order that it shows
// as one line of JSON, until stdin ends.
import { readFile } from 'node:fs/promises';
import { fulfill, launch } from './browser.mjs';
import { print, untilStdinEnds } from './lines.mjs';

const [url, token] = process.argv.slice(2);
const checkout = new URL('../../../../', import.meta.url);
const readme = await readFile(new URL('README.md', checkout), 'utf8');
const html = readme.match(/```html\n(.*?)```/s)[1].replace('ws://localhost:8080', url);

const browser = await launch(url);
// A page that comes from no network is taken for a public one, which may not talk to this machine unasked.
const context = await browser.newContext({ permissions: ['local-network-access'] });
const page = await context.newPage();
page.on('console', (message) => print('console', { text: message.text() }));
page.on('pageerror', (error) => print('error', { reason: error.message }));
await page.exposeFunction('shown', (text) => {
  const [, id, data] = text.match(/^(.*?): (.*)$/);
  print('message', { id, data: JSON.parse(data) });
});
await page.addInitScript(() => {
  new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node.parentElement?.id === 'orders' && node.tagName === 'LI') {
        window.shown(node.textContent);
      }
    }
  }).observe(document, { childList: true, subtree: true });
});
await page.route('http://localhost/**', async (route) => {
  const { pathname } = new URL(route.request().url());
  if (pathname === '/') {
    await route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' });
  } else if (pathname === '/push-token') {
    await route.fulfill({ body: `${token}\n` });
  } else if (pathname.startsWith('/clients/js/src/')) {
    await fulfill(route, new URL(`.${pathname}`, checkout));
  } else {
    await route.fulfill({ status: 404 });
  }
});
await page.goto('http://localhost/');
await untilStdinEnds();
await browser.close();
