// GraphiQL, as the server has it at /_graphiql, in a real browser.
import { after, afterEach, before, test } from 'node:test';
import { api, open, server } from './browser.js';
import { eventually } from './eventually.js';

let browser;
let page;

before(async () => {
  await api('PUT', '/shelf');
  const docs = [...Array(30).keys()].map((i) => (
    { _id: `b${String(i).padStart(2, '0')}`, type: 'book', title: `Book ${i}`, year: 1980 + i, author: { name: 'Ann' } }));
  await api('POST', '/shelf/_bulk_docs', { docs });
  browser = await open('graphiql');
  page = browser.page;
});

after(() => browser?.close());

afterEach(() => browser.check());

const picture = (name) => browser.picture(name);

/** As somebody types. */
async function write(query) {
  await page.locator('.graphiql-query-editor .monaco-editor').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(query);
}

const response = () => page.locator('.graphiql-response').innerText().then((text) => text.replace(/\u00a0/g, ' '));

test('who may not look is asked to log in, and then sees the database', async () => {
  await page.goto(`${server}/_graphiql?db=shelf`);
  await page.getByLabel('Name').fill('root');
  await page.getByLabel('Password').fill('secret');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('Log out').waitFor();
  browser.unless(/ 401 /); // before that
  await page.locator('.graphiql-query-editor').waitFor();
  await picture('begin');
});

test('a query that is typed is answered', async () => {
  await write('{ books(first: 2, orderBy: [{ path: "year", direction: DESC }]) { totalCount nodes { title author { name } } } }');
  await page.keyboard.press('Control+Enter');
  await eventually(async () => /"totalCount": 30/.test(await response()) && /Book 29/.test(await response()));
  await picture('query');
});

test('what is wrong is underlined as it is typed, since the page knows the schema', async () => {
  await write('{ books { nodes { titel } } }');
  await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
});

test('fields are offered', async () => {
  await write('{ books { nodes {  } } }');
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget .monaco-list-row').filter({ hasText: 'title' }).first().waitFor();
  await picture('completion');
  await page.keyboard.press('Escape');
});

test('the documentation knows the types of the data', async () => {
  await page.getByRole('button', { name: /Documentation Explorer/ }).click();
  await page.getByRole('link', { name: 'Query' }).first().click();
  await page.getByRole('link', { name: 'books' }).first().waitFor();
  await picture('documentation');
});

test('the explorer puts a query together', async () => {
  await page.getByRole('button', { name: /GraphiQL Explorer/ }).click();
  await page.locator('.graphiql-explorer-root').waitFor();
  await picture('explorer');
  await page.getByText('books', { exact: true }).first().waitFor();
});

test('the history has what was asked', async () => {
  await page.getByRole('button', { name: /^Show History/ }).click();
  await page.locator('.graphiql-history-item').first().waitFor();
  await picture('history');
});

test('a subscription shows what is written meanwhile', async () => {
  await write('subscription { changes { id } }');
  await page.keyboard.press('Control+Enter');
  await eventually(async () => {
    await api('PUT', `/shelf/new-${Date.now()}`, { type: 'book', title: 'New' });
    return /"id": "new-/.test(await response());
  });
  await picture('subscription');
  await page.getByRole('button', { name: /Stop query/ }).click();
});

test('a field that comes with a document is there after the schema is fetched again', async () => {
  await api('PUT', '/shelf/extra', { type: 'book', title: 'Extra', shelfmark: 'QA 76' });
  await eventually(async () => (await api('POST', '/shelf/_graphql', { query: '{ books { nodes { shelfmark } } }' })).errors === undefined);
  await page.getByRole('button', { name: /Re-fetch GraphQL schema/ }).click();
  await write('{ document(id: "extra") { ... on Book { shelfmark } } }');
  await page.keyboard.press('Control+Enter');
  await eventually(async () => /QA 76/.test(await response()));
});
