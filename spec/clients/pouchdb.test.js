// PouchDB against a Stave at the address in STAVE, as its users have it: over HTTP, and replicating.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';
import find from 'pouchdb-find';
import { eventually } from './eventually.js';

PouchDB.plugin(memory);
PouchDB.plugin(find);

const server = process.env.STAVE;
let count = 0;
let remote;
let local;

beforeEach(() => {
  count++;
  remote = new PouchDB(`${server}pouch-${count}`);
  local = new PouchDB(`local-${count}`, { adapter: 'memory' });
});

afterEach(async () => {
  await remote.destroy();
  await local.destroy();
});

const ids = (db) => db.allDocs().then((all) => all.rows.map((row) => row.id));

test('documents are written, read, changed and deleted', async () => {
  const { rev } = await remote.put({ _id: 'a', text: 'é', n: 1 });
  assert.equal((await remote.get('a')).text, 'é');
  await assert.rejects(remote.put({ _id: 'a' }), { status: 409, name: 'conflict' });
  const changed = await remote.put({ _id: 'a', _rev: rev, n: 2 });
  await remote.remove('a', changed.rev);
  await assert.rejects(remote.get('a'), { status: 404, reason: 'deleted' });
  await assert.rejects(remote.get('none'), { status: 404, reason: 'missing' });
  await assert.rejects(remote.put({ _id: '_x' }), { status: 400 });
});

test('many documents at once, and lists of them', async () => {
  await remote.bulkDocs([...Array(50).keys()].map((i) => ({ _id: `d${String(i).padStart(2, '0')}`, i })));
  assert.deepEqual(await ids(remote).then((all) => all.length), 50);
  const page = await remote.allDocs({ startkey: 'd10', endkey: 'd12', include_docs: true });
  assert.deepEqual(page.rows.map((row) => row.doc.i), [10, 11, 12]);
  const some = await remote.allDocs({ keys: ['d07', 'none'] });
  assert.equal(some.rows[0].id, 'd07');
  assert.equal(some.rows[1].error, 'not_found');
});

test('a first replication takes all, a second one nothing', async () => {
  await remote.bulkDocs([...Array(250).keys()].map((i) => ({ _id: `d${i}`, i })));
  const first = await PouchDB.replicate(remote, local);
  const second = await PouchDB.replicate(remote, local);
  assert.equal(first.docs_written, 250);
  assert.equal(second.docs_read, 0);
  assert.deepEqual(await ids(local), await ids(remote));
});

test('edits and deletions go both ways', async () => {
  await remote.bulkDocs([{ _id: 'a' }, { _id: 'b' }]);
  await local.bulkDocs([{ _id: 'c' }, { _id: 'd' }]);
  await PouchDB.sync(local, remote);
  await remote.remove(await remote.get('a'));
  await local.remove(await local.get('c'));
  await PouchDB.sync(local, remote);
  assert.deepEqual(await ids(remote), ['b', 'd']);
  assert.deepEqual(await ids(local), ['b', 'd']);
});

test('a conflict is the same on both sides, and so is its winner', async () => {
  await remote.put({ _id: 'a', by: 'nobody' });
  await PouchDB.sync(local, remote);
  const base = await local.get('a');
  await local.put({ ...base, by: 'local' });
  await remote.put({ ...base, by: 'remote' });
  await PouchDB.sync(local, remote);
  const here = await local.get('a', { conflicts: true, revs: true });
  const there = await remote.get('a', { conflicts: true, revs: true });
  assert.deepEqual(there, here);
  assert.equal(here._conflicts.length, 1);
  await local.remove('a', here._conflicts[0]);
  await PouchDB.sync(local, remote);
  assert.equal((await remote.get('a', { conflicts: true }))._conflicts, undefined);
  const leaves = await remote.get('a', { open_revs: 'all' });
  assert.equal(leaves.filter((leaf) => leaf.ok._deleted).length, 1);
});

test('design documents replicate', async () => {
  await local.put({ _id: '_design/names', views: { all: { map: 'function (doc) { emit(doc.name); }' } } });
  await PouchDB.sync(local, remote);
  assert.ok((await remote.get('_design/names')).views.all);
});

test('live replication brings what is written, and goes on after it was idle', async () => {
  const sync = PouchDB.sync(local, remote, { live: true, retry: true });
  await remote.put({ _id: 'there' });
  await local.put({ _id: 'here' });
  await eventually(() => local.get('there'));
  await eventually(() => remote.get('here'));
  await remote.put({ _id: 'later' });
  await eventually(() => local.get('later'));
  const ended = new Promise((done) => sync.on('complete', done));
  sync.cancel();
  await ended;
});

test('a filtered replication takes what the filter wants', async () => {
  await remote.bulkDocs([{ _id: 'a', n: 1 }, { _id: 'b', n: 2 }, { _id: 'c', n: 3 }]);
  await PouchDB.replicate(remote, local, { selector: { n: { $gt: 1 } } });
  assert.deepEqual(await ids(local), ['b', 'c']);
  const other = new PouchDB(`other-${count}`, { adapter: 'memory' });
  await PouchDB.replicate(remote, other, { doc_ids: ['a'] });
  assert.deepEqual(await ids(other), ['a']);
  await other.destroy();
});

test('changes as they happen', async () => {
  const seen = [];
  const feed = remote.changes({ live: true, since: 'now', include_docs: true });
  feed.on('change', (change) => seen.push(change.doc.n));
  await remote.info();
  await eventually(async () => {
    await remote.put({ _id: `${Date.now()}-${Math.random()}`, n: seen.length });
    return seen.length > 2;
  });
  const ended = new Promise((done) => feed.on('complete', done));
  feed.cancel();
  await ended;
});

test('queries', async () => {
  await remote.bulkDocs([{ _id: 'a', n: 1 }, { _id: 'b', n: 2 }, { _id: 'c', n: 3 }]);
  const index = { index: { fields: ['n'], name: 'by-n', ddoc: 'by-n' } };
  assert.equal((await remote.createIndex(index)).result, 'created');
  assert.equal((await remote.createIndex(index)).result, 'exists');
  const found = await remote.find({ selector: { n: { $gte: 2 } }, sort: [{ n: 'desc' }], fields: ['_id'] });
  assert.deepEqual(found.docs, [{ _id: 'c' }, { _id: 'b' }]);
  const { indexes } = await remote.getIndexes();
  assert.deepEqual(indexes.map((each) => each.name), ['_all_docs', 'by-n']);
  await remote.deleteIndex(indexes[1]);
  assert.equal((await remote.getIndexes()).indexes.length, 1);
});

test('local documents stay where they are', async () => {
  await remote.put({ _id: '_local/place', at: 1 });
  const place = await remote.get('_local/place');
  await remote.put({ ...place, at: 2 });
  assert.equal((await remote.get('_local/place')).at, 2);
  await remote.remove(await remote.get('_local/place'));
  await assert.rejects(remote.get('_local/place'), { status: 404 });
});

test('a database that is dropped and made again is empty', async () => {
  await remote.put({ _id: 'a' });
  await PouchDB.replicate(remote, local);
  await remote.destroy();
  remote = new PouchDB(`${server}pouch-${count}`);
  assert.deepEqual(await ids(remote), []);
  await PouchDB.replicate(local, remote);
  assert.deepEqual(await ids(remote), ['a']);
});

test('views of a design document are queried, with reduce, ranges and documents', async () => {
  await remote.bulkDocs([
    {
      _id: '_design/books',
      views: {
        by_year: {
          map: 'function (doc) { if (doc.year) emit(doc.year, doc.title); }',
        },
        by_author: {
          map: 'function (doc) { (doc.authors || []).forEach(function (name) { emit([name, doc.year], doc.pages); }); }',
          reduce: '_sum',
        },
      },
    },
    { _id: 'a', title: 'One', year: 1999, pages: 100, authors: ['x', 'y'] },
    { _id: 'b', title: 'Two', year: 2001, pages: 50, authors: ['x'] },
    { _id: 'c', title: 'Three', year: 2001, pages: 7, authors: ['z'] },
    { _id: 'd' },
  ]);
  const byYear = await remote.query('books/by_year', { startkey: 2000, include_docs: true });
  assert.equal(byYear.total_rows, 3);
  assert.equal(byYear.offset, 1);
  assert.deepEqual(byYear.rows.map((row) => row.doc.title), ['Two', 'Three']);
  const keys = await remote.query('books/by_year', { keys: [2001, 1999], limit: 2 });
  assert.deepEqual(keys.rows.map((row) => row.id), ['b', 'c']);
  const pages = await remote.query('books/by_author', { group_level: 1 });
  assert.deepEqual(pages.rows, [
    { key: ['x'], value: 150 },
    { key: ['y'], value: 100 },
    { key: ['z'], value: 7 },
  ]);
  assert.equal((await remote.query('books/by_author')).rows[0].value, 257);
  assert.equal((await remote.query('books/by_author', { reduce: false })).rows.length, 4);
  await assert.rejects(remote.query('books/none'), { status: 404, reason: 'missing_named_view' });
  await remote.viewCleanup();
});

test('a view answers as PouchDB answers itself', async () => {
  const ddoc = {
    _id: '_design/v',
    views: {
      k: { map: 'function (doc) { emit(doc.k); if (doc.n) { emit([doc.k, doc.n], doc.n); } }' },
      r: {
        map: 'function (doc) { emit(doc.k, doc.n || 0); }',
        reduce: 'function (keys, values, rereduce) { return sum(values); }',
      },
      stats: { map: 'function (doc) { emit(doc.k, doc.n || 0); }', reduce: '_stats' },
    },
  };
  const ks = [null, true, false, 0, 1, -1, 2.5, '', 'a', 'b', 'aa', [], [1], ['a', 2], {}, { a: 1 }];
  const docs = ks.map((k, i) => ({ _id: `d${String(i).padStart(2, '0')}`, k, n: i % 4 }));
  for (const db of [remote, local]) {
    await db.bulkDocs([ddoc, ...docs]);
  }
  const questions = [
    ['v/k', {}],
    ['v/k', { descending: true, limit: 5 }],
    ['v/k', { startkey: 1, endkey: 'b' }],
    ['v/k', { startkey: 1, endkey: 'b', inclusive_end: false, skip: 1 }],
    ['v/k', { key: 'a' }],
    ['v/k', { keys: ['a', 1, 'none', []] }],
    ['v/r', {}],
    ['v/r', { group: true }],
    ['v/r', { group_level: 1, startkey: [] }],
    ['v/stats', { group: true, limit: 3 }],
  ];
  for (const [view, options] of questions) {
    const there = await remote.query(view, options);
    const here = await local.query(view, options);
    assert.deepEqual(there.rows, here.rows, `${view} ${JSON.stringify(options)}`);
  }
});

test('what a design document refuses is refused, and its filter filters', async () => {
  await remote.put({
    _id: '_design/rules',
    validate_doc_update: 'function (doc) { if (doc.bad) { throw({ forbidden: "bad" }); } }',
    filters: { good: 'function (doc, req) { return doc.good == req.query.value; }' },
  });
  await assert.rejects(remote.put({ _id: 'x', bad: true }), { status: 403, name: 'forbidden' });
  await local.bulkDocs([{ _id: 'g', good: 'yes' }, { _id: 'h', bad: true }, { _id: 'i', good: 'no' }]);
  const pushed = await local.replicate.to(remote);
  assert.equal(pushed.doc_write_failures, 1);
  const back = new PouchDB(`back-${count}`, { adapter: 'memory' });
  await back.replicate.from(remote, { filter: 'rules/good', query_params: { value: 'yes' } });
  assert.deepEqual(await ids(back), ['g']);
  await back.destroy();
});
