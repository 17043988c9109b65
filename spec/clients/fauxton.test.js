// Fauxton, CouchDB's admin page, in a real browser, against a Stave that serves it below _utils/.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { api, open, server } from './browser.js';
import { eventually } from './eventually.js';

let browser;
let page;

before(async () => {
  await api('PUT', '/books');
  const docs = [...Array(30).keys()].map((i) => ({ _id: `b${String(i).padStart(2, '0')}`, title: `Book ${i}`, year: 1980 + i }));
  await api('POST', '/books/_bulk_docs', { docs });
  const parent = (await api('GET', '/books/b01'))._rev.split('-')[1];
  const side = (id, title) => ({ _id: 'b01', title, _rev: `2-${id}`, _revisions: { start: 2, ids: [id, parent] } });
  await api('POST', '/books/_bulk_docs', { new_edits: false, docs: [side('aa', 'Left'), side('bb', 'Right')] });
  browser = await open('fauxton');
  page = browser.page;
  await page.addInitScript(() => document.addEventListener('DOMContentLoaded', () => { // a person waits until notes are gone
    document.head.insertAdjacentHTML('beforeend', '<style>.toast-container, .toast-container * { pointer-events: none }</style>');
  }));
  page.on('dialog', (dialog) => dialog.accept());
});

after(() => browser?.close());

afterEach(() => browser.check());

const unless = (expected) => browser.unless(expected);
const picture = (name) => browser.picture(name);

/** Goes to a place of the page, and waits until there is `text`. */
async function visit(place, text) {
  await page.goto(`${server}/_utils/#${place}`);
  await sees(text);
}

const sees = (text) => page.getByText(text).filter({ visible: true }).first().waitFor();
const press = (name) => page.getByRole('button', { name }).filter({ visible: true }).first().click();

/** Writes into an editor of code. */
async function write(editor, text) {
  await page.locator(`${editor}.ace_editor`).waitFor();
  await page.evaluate(([where, what]) => document.querySelector(where).env.editor.setValue(what, 1), [editor, text]);
}

test('an administrator logs in, and sees the databases', async () => {
  await page.goto(`${server}/_utils`);
  await page.fill('#username', 'root');
  await page.fill('#password', 'secret');
  await press('Log In');
  await sees('Databases per page');
  await sees('books');
  await picture('databases');
});


test('a new server is set up as a single node', async () => {
  await visit('setup', 'Welcome to Apache CouchDB');
  await page.locator('#setup-btn-no-thanks').click();
  await page.fill('.setup-username', 'root');
  await page.fill('.setup-password', 'secret');
  await picture('setup');
  await press('Configure Node');
  await page.waitForURL('**/#setup/finish');
  assert.equal((await api('GET', '/_cluster_setup')).state, 'single_node_enabled');
  assert.deepEqual(await api('GET', '/_all_dbs'), ['_replicator', '_users', 'books']);
});

test('a database is made and deleted', async () => {
  await visit('_all_dbs', 'Databases per page');
  await press('Create Database');
  await page.fill('#js-new-database-name', 'from-fauxton');
  await page.check('#partitioned-db');
  await page.locator('#js-create-database').click();
  await sees('No Documents Found');
  assert.equal((await api('GET', '/from-fauxton')).props.partitioned, true);
  await visit('_all_dbs', 'from-fauxton');
  await page.locator('[title="Delete from-fauxton"]').click();
  await page.fill('.modal input', 'from-fauxton');
  await page.locator('.modal .delete').click();
  await page.locator('[title="Delete from-fauxton"]').waitFor({ state: 'detached' });
  assert.equal((await api('GET', '/from-fauxton')).error, 'not_found');
});

test('a document is made, edited, cloned and deleted', async () => {
  await visit('database/books/_all_docs', 'Create Document');
  await page.getByText('Create Document').first().click();
  await write('#doc-editor', '{"_id": "made/here ü", "n": 1}');
  await page.locator('.save-doc').click();
  await page.waitForURL('**/_all_docs**');
  await visit('database/books/made%2Fhere%20%C3%BC', 'Save Changes');
  const { _rev } = await api('GET', '/books/made%2Fhere%20%C3%BC');
  await write('#doc-editor', JSON.stringify({ _id: 'made/here ü', _rev, n: 2 }));
  await page.locator('.save-doc').click();
  await sees('Document saved successfully');
  assert.equal((await api('GET', '/books/made%2Fhere%20%C3%BC')).n, 2);
  await visit('database/books/made%2Fhere%20%C3%BC', 'Save Changes');
  await page.locator('[title="Clone Document"]').click();
  await page.fill('.modal input', 'the-clone');
  await press('Clone Document');
  await page.waitForURL('**/the-clone');
  await page.locator('#doc-editor').waitFor();
  await picture('document');
  await page.locator('[title="Delete"]').click();
  await page.locator('.modal .btn-primary').click();
  await page.waitForURL('**/_all_docs**');
  assert.equal((await api('GET', '/books/the-clone')).reason, 'deleted');
});

test('an attachment is uploaded, and is there to be seen', async () => {
  await visit('database/books/b05', 'Upload Attachment');
  await page.locator('[title="Upload Attachment"]').click();
  await page.locator('input[name=_attachments]').setInputFiles({ name: 'note ü.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await page.locator('#upload-btn').click();
  await page.locator('.panel-button').getByText('View Attachments').waitFor();
  assert.equal((await api('GET', '/books/b05'))._attachments['note ü.txt'].length, 5);
  await page.locator('.panel-button').getByText('View Attachments').click();
  const [shown] = await Promise.all([page.waitForEvent('popup'), page.getByRole('menuitem', { name: 'note ü.txt' }).click()]);
  await shown.waitForLoadState();
  assert.equal(await shown.locator('body').innerText(), 'hello');
  await shown.close();
});

test('documents are listed as a table, and many deleted at once', async () => {
  await visit('database/books/_all_docs', 'Create Document');
  await press('Table');
  await sees('Book 3');
  await picture('documents');
  await press('Options');
  await page.locator('#byKeys').click();
  await page.fill('#keys-input', '["b20", "b21"]');
  await press('Run Query');
  await sees('Showing document 1 - 2');
  await page.locator('.bulk-action-component-selector-group input[type=checkbox], input[type=checkbox]').filter({ visible: true }).first().check();
  await page.locator('[title="Delete all selected"]').click();
  await eventually(async () => (await api('GET', '/books/b20')).reason === 'deleted');
  await page.reload(); // else its options stay
});

test('a query is run and explained, and an index made', async () => {
  await visit('database/books/_index', 'Create index');
  await write('#query-field', '{"index": {"fields": ["year"]}, "name": "by-year", "type": "json"}');
  await page.locator('#create-index-btn').click();
  await sees('by-year');
  await picture('indexes');
  await visit('database/books/_find', 'Run Query');
  await write('#query-field', '{"selector": {"year": {"$gt": 2003}}, "sort": [{"year": "desc"}], "execution_stats": true}');
  await page.locator('#create-index-btn').click();
  await sees('b29');
  await picture('query');
  await page.locator('#explain-btn').click();
  await sees('walked the index at year descending');
  await picture('explain');
});

test('a design document with a view is made, queried, edited and deleted', async () => {
  await visit('database/books/new_view', 'New View');
  await page.fill('#new-ddoc', 'lib');
  await page.fill('#index-name', 'by_year');
  await write('#map-function', 'function (doc) { if (doc.year) { emit(doc.year, 1); } }');
  await page.selectOption('#reduce-function-selector', '_sum');
  await page.locator('#save-view').click();
  await page.waitForURL('**/_design/lib/_view/by_year**');
  await sees('b00');
  await press('Options');
  await page.locator('label[for=qoReduce]').click();
  await Promise.all([page.waitForResponse(/reduce=true/), press('Run Query')]);
  await sees('1997');
  await picture('view');
  await visit('database/books/_design/lib/_info', 'Index Information');
  await picture('view-metadata');
  await visit('database/books/_design/lib/_view/by_year/edit', 'Edit View');
  await write('#map-function', 'function (doc) { if (doc.title) { emit(doc.title, 1); } }');
  await page.locator('#save-view').click();
  await page.waitForURL('**/_design/lib/_view/by_year**');
  await sees('Book 0');
  await page.locator('#nav-header-lib, .index-group-header').first().waitFor();
  assert.match((await api('GET', '/books/_design/lib')).views.by_year.map, /title/);
});

test('permissions are given and taken', async () => {
  await visit('database/books/permissions', 'Members');
  await page.locator('.permissions-roles, section').first().waitFor();
  await page.locator('input[placeholder="Username"]').nth(1).fill('ann');
  await page.getByRole('button', { name: 'Add User' }).nth(1).click();
  await sees('Database permissions has been updated');
  await picture('permissions');
  assert.deepEqual((await api('GET', '/books/_security')).members.names, ['ann']);
  await page.locator('button.close').filter({ visible: true }).last().click();
});

test('changes are listed and filtered', async () => {
  await visit('database/books/_changes', 'b29');
  await page.fill('.js-changes-filter-field', 'b05');
  await press('Filter');
  await page.getByText('b29').filter({ visible: true }).first().waitFor({ state: 'detached' });
  await picture('changes');
});

test('the sides of a conflict are compared, and one is chosen', async () => {
  // Fauxton loses its page where a document in conflict comes before the information of its database.
  await page.route(/b01/, (route) => setTimeout(() => route.continue(), 300), { times: 1 });
  await visit('database/books/b01', 'Conflicts');
  await picture('conflicted');
  await page.getByText('Conflicts').first().click();
  await sees('Server-Selected Rev');
  await sees('2-aa');
  await picture('conflict');
  await press('Select as Winner');
  await page.locator('.modal .btn-primary, .modal .btn').last().click();
  await sees('Conflicts successfully solved');
  const doc = await api('GET', '/books/b01?conflicts=true');
  assert.equal(doc.title, 'Left');
  assert.equal(doc._conflicts, undefined);
});

test('the pages of replications and tasks are there', async () => {
  await visit('activetasks', 'No active tasks');
  await picture('tasks');
  await visit('replication', 'New Replication');
  await picture('replication');
  await visit('replication/_create', 'Start Replication');
});

test('the configuration is read and set', async () => {
  await visit('_config/nonode@nohost', 'admins');
  await page.locator('#add-option-button').click();
  await page.fill('.input-section-name', 'log');
  await page.fill('.input-option-name', 'level');
  await page.fill('.input-value', 'info');
  await page.locator('.btn-create').click();
  await sees('level');
  await picture('config');
  assert.equal(await api('GET', '/_node/_local/_config/log/level'), 'info');
  await visit('_config/nonode@nohost/cors', 'CORS is currently disabled');
  await press('Enable CORS');
  await sees('CORS is currently enabled');
  await press('Disable CORS');
  await sees('CORS is currently disabled');
});

test('the installation is verified', async () => {
  await visit('verifyinstall', 'Verify Installation');
  await page.locator('#start').click();
  for (const what of ['create-db', 'create-doc', 'update-doc', 'delete-doc', 'create-view', 'replication']) {
    await page.locator(`#js-test-${what}`).getByText('✓').waitFor();
  }
  await picture('verify');
  unless(/^GET \/verifytestdb\w* 404/); // looked for before it is made
});

test('administrators and users are made, and log in', async () => {
  await visit('addAdmin', 'Create Admins');
  await page.fill('#create-admin-form #username', 'second');
  await page.fill('#create-admin-form #password', 'other');
  await page.locator('#create-admin').click();
  await sees('CouchDB admin created');
  await visit('database/_users/_all_docs', 'Create Document');
  await page.getByText('Create Document').first().click();
  await write('#doc-editor', '{"_id": "org.couchdb.user:ann", "name": "ann", "type": "user", "roles": [], "password": "apple"}');
  await page.locator('.save-doc').click();
  await page.waitForURL('**/_users/_all_docs**');
  await visit('changePassword', 'Enter your new password');
  await page.fill('#password', 'secret');
  await page.fill('#password-confirm', 'secret');
  await press('Change');
  await sees('Your password has been updated');
  await visit('logout', 'Log In');
  await page.fill('#username', 'ann');
  await page.fill('#password', 'apple');
  await Promise.all([page.waitForResponse(/_all_dbs/), press('Log In')]);
  await sees('You have been logged in');
  await page.goto('about:blank');
  // With another password the cookie is worth nothing; and the list of databases is for administrators.
  unless(/ 401 |You are not a server admin/);
});
