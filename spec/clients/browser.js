// A page of the server at STAVE in a real browser, and the server itself beside it. The administrator is root, with the password "secret". A request of the
// page that is answered with an error is a failure, and so is one to another server, unless it is expected.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export const server = process.env.STAVE.replace(/\/$/, '');
const pictures = process.env.PICTURES;
const root = { Authorization: `Basic ${Buffer.from('root:secret').toString('base64')}` };

/** Asks the server itself. */
export async function api(method, path, body) {
  const headers = { ...root, 'Content-Type': 'application/json' };
  const answer = await fetch(server + path, { method, headers, body: body && JSON.stringify(body) });
  return answer.json();
}

/** Opens a page whose pictures begin with `name`. */
export async function open(name) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(20_000);
  let errors = [];
  page.on('request', (asked) => {
    const { host, protocol } = new URL(asked.url());
    if (host !== new URL(server).host && protocol.startsWith('http')) errors.push(`asked of another server: ${asked.url()}`);
  });
  page.on('response', async (answer) => {
    if (answer.status() >= 400) {
      const text = await answer.text().catch(() => '');
      errors.push(`${answer.request().method()} ${answer.url().replace(server, '')} ${answer.status()} ${text.trim()}`);
    }
  });
  page.on('requestfailed', (asked) => {
    if (asked.failure().errorText !== 'net::ERR_ABORTED') { // one that the page itself gave up
      errors.push(`${asked.method()} ${asked.url()} ${asked.failure().errorText}`);
    }
  });
  page.on('pageerror', (error) => errors.push(`in the page: ${error.stack}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) errors.push(message.text());
  });
  return {
    page,
    close: () => browser.close(),
    /** What went wrong is as expected. */
    unless(expected) {
      errors = errors.filter((error) => !expected.test(error));
    },
    /** Fails if anything went wrong since it was asked last. */
    check() {
      const found = errors;
      errors = [];
      assert.deepEqual(found, []);
    },
    picture: (of) => (pictures ? page.screenshot({ path: `${pictures}/${name}-${of}.png` }) : undefined),
  };
}
