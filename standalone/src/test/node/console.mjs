// usage: console.mjs URL KEY DEVICE AWAY FOLDER
// The console in Chromium, as a person uses it: signs in, sends a push to DEVICE and watches its timeline, finds the
// device, sends one to AWAY, which is not connected, and recalls it. Takes screenshots into FOLDER. Prints what it did
// as lines of JSON; exits with 1 at the first thing that is not there.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { print } from './lines.mjs';

const [url, key, device, away, folder] = process.argv.slice(2);
const PATIENCE = 15_000;

await mkdir(folder, { recursive: true });
const browser = await launch(url);
const page = await browser.newPage({ viewport: { width: 1200, height: 850 } });
page.setDefaultTimeout(PATIENCE);
const complaints = [];
page.on('pageerror', (error) => complaints.push(error.message));
page.on('request', (request) => {
  if (!request.url().startsWith(url)) {
    complaints.push(`asks another host: ${request.url()}`);
  }
});

/** In light and dark; what is drawn is drawn anew first. */
async function screenshot(name, drawAnew = async () => {}) {
  const text = await page.locator('body').innerText();
  if (/\[object|undefined|NaN/.test(text)) {
    complaints.push(`${name} shows what no person can read: ${text}`);
  }
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await drawAnew();
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), fullPage: true });
  }
}

const fill = (label, text) => page.getByLabel(label, { exact: true }).fill(text);
const heading = (name) => page.getByRole('heading', { level: 1, name }).waitFor();
const view = async (name, title) => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
  await heading(title);
};

/** The panel of one device under a message, once it has come so far. */
const story = (name, state) =>
  page.locator('section', { has: page.getByRole('heading', { level: 2, name, exact: true }) })
    .filter({ has: page.locator('.state', { hasText: state }) });

async function send(id, to) {
  await view('Push', 'Send a push');
  await fill('App', 'shop');
  await fill('Name', to);
  await fill('Message id', id);
  await page.getByLabel(/^Data/).fill('{"order":42}');
  await page.getByLabel(/^Trace/).check();
  await page.getByRole('button', { name: 'Send' }).click();
}

await page.goto(url);
await fill('API key', 'no-such-key');
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByRole('alert').waitFor();
await fill('API key', key);
await page.getByRole('button', { name: 'Sign in' }).click();
await heading('Overview');
await page.getByText('connections', { exact: true }).first().waitFor();
print('signed-in');

// What the page gets between the ack and its receipt, which takes the longer way.
let early = true;
await page.route('**/v1/messages/shop/console-1', async (route) => {
  const response = await route.fetch();
  const message = await response.json();
  const [one] = message.devices ?? [];
  if (one?.state === 'delivered' && early) {
    one.inferred = true;
    one.steps = one.steps.filter(({ step }) => step !== 'delivered');
  }
  await route.fulfill({ response, json: message });
});
await send('console-1', device);
await story(device, 'delivered').getByText('its receipt is on its way').waitFor();
early = false;
const timeline = story(device, 'delivered').locator('ol.timeline li strong');
await timeline.filter({ hasText: 'delivered' }).waitFor();
const steps = await timeline.allTextContents();
print('timeline', { steps });
await screenshot('timeline');

await view('Device', 'Find a device');
await fill('App', 'shop');
await fill('Device', device);
await page.getByRole('button', { name: 'Find' }).click();
await page.locator('.state', { hasText: 'online' }).waitFor();
print('found', { online: await page.locator('.state').first().textContent() });
await screenshot('device');

await send('console-2', away);
await story(away, 'waiting').waitFor();
await view('Message', 'Find a message');
await fill('App', 'shop');
await fill('Message id', 'console-2');
await page.getByRole('button', { name: 'Find' }).click();
await page.getByRole('button', { name: /^Recall/ }).click();
await page.getByRole('dialog').getByRole('button', { name: 'Recall' }).click();
await story(away, 'recalled').waitFor();
print('recalled', { id: 'console-2' });

await screenshot('overview', async () => {
  await view('Nodes', 'Nodes');
  await view('Overview', 'Overview');
  await page.getByText('connections', { exact: true }).first().waitFor();
});
await page.getByRole('button', { name: 'Sign out' }).click();
await heading('Sign in');
print('signed-out', { complaints });
await browser.close();
