// PouchDB's attachments against a Stave at the address in STAVE: over HTTP, and replicating in both directions.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';
import { eventually } from './eventually.js';

PouchDB.plugin(memory);

const server = process.env.STAVE;
const LARGE = 20 * 1024 * 1024;
let count = 0;
let remote;
let local;

beforeEach(() => {
  count++;
  remote = new PouchDB(`${server}pouch-attachments-${count}`);
  local = new PouchDB(`attachments-${count}`, { adapter: 'memory' });
});

afterEach(async () => {
  await remote.destroy();
  await local.destroy();
});

const base64 = (text) => Buffer.from(text).toString('base64');
// Stored as it is: what is text is compressed, as CouchDB has it, and its digest is another than PouchDB's.
const inline = (text, type = 'image/png') => ({ content_type: type, data: base64(text) });
const text = async (db, id, name, options = {}) => (await db.getAttachment(id, name, options)).toString();
const stubs = async (db, id) => Object.keys((await db.get(id))._attachments || {}).sort();

test('an attachment is put, read, changed and removed by itself', async () => {
  const put = await remote.putAttachment('a', 'note.txt', Buffer.from('one'), 'text/plain');
  assert.equal(await text(remote, 'a', 'note.txt'), 'one');
  const stub = (await remote.get('a'))._attachments['note.txt'];
  assert.equal(stub.stub, true);
  assert.equal(stub.length, 3);
  assert.equal(stub.revpos, 1);
  assert.equal(stub.content_type, 'text/plain');
  assert.match(stub.digest, /^md5-/);
  const changed = await remote.putAttachment('a', 'note.txt', put.rev, base64('two'), 'text/plain');
  assert.equal(await text(remote, 'a', 'note.txt'), 'two');
  assert.equal(await text(remote, 'a', 'note.txt', { rev: put.rev }), 'one');
  await assert.rejects(remote.putAttachment('a', 'x', put.rev, base64('x'), 'text/plain'), { status: 409 });
  await remote.removeAttachment('a', 'note.txt', changed.rev);
  await assert.rejects(remote.getAttachment('a', 'note.txt'), { status: 404 });
  assert.deepEqual(await stubs(remote, 'a'), []);
});

test('inline ones are written and read, as base64 and as bytes', async () => {
  await remote.bulkDocs([
    { _id: 'a', _attachments: { 'a.txt': inline('é', 'text/plain'), 'b.bin': { content_type: 'image/png', data: randomBytes(99).toString('base64') } } },
    { _id: 'b', _attachments: { empty: inline('') } },
  ]);
  const whole = await remote.get('a', { attachments: true });
  assert.equal(whole._attachments['a.txt'].data, base64('é'));
  const binary = await remote.get('a', { attachments: true, binary: true });
  assert.equal(binary._attachments['b.bin'].data.toString('base64'), whole._attachments['b.bin'].data);
  assert.equal((await remote.getAttachment('b', 'empty')).length, 0);
  const all = await remote.allDocs({ include_docs: true, attachments: true, binary: true });
  assert.equal(all.rows[0].doc._attachments['a.txt'].data.toString(), 'é');
  const changes = await remote.changes({ include_docs: true, attachments: true });
  const changed = changes.results.find((each) => each.id === 'a');
  assert.equal(changed.doc._attachments['a.txt'].data, base64('é'));
});

test('a digest is the same here and there', async () => {
  const bytes = randomBytes(1000);
  for (const db of [remote, local]) {
    await db.putAttachment('a', 'x', bytes, 'image/png');
  }
  const here = (await local.get('a'))._attachments.x;
  assert.deepEqual((await remote.get('a'))._attachments.x, here);
  assert.equal(here.digest, `md5-${createHash('md5').update(bytes).digest('base64')}`);
});

test('a stub that stands for nothing is refused', async () => {
  const doc = { _id: 'a', _attachments: { x: { stub: true, digest: 'md5-1B2M2Y8AsgTpgAmY7PhCfg==', content_type: 'text/plain' } } };
  await assert.rejects(remote.put(doc), { status: 412 });
});

test('replication takes them in both directions, and revisions share one', async () => {
  const { rev } = await local.put({ _id: 'here', n: 1, _attachments: { shared: inline('of here') } });
  await remote.put({ _id: 'there', n: 1, _attachments: { shared: inline('of there', 'text/plain') } });
  await PouchDB.sync(local, remote);
  assert.equal(await text(remote, 'here', 'shared'), 'of here');
  assert.equal(await text(local, 'there', 'shared'), 'of there');
  for (let n = 2; n < 6; n++) {
    await local.put({ ...(await local.get('here')), n });
    await remote.put({ ...(await remote.get('there')), n });
  }
  await PouchDB.sync(local, remote);
  const here = await remote.get('here', { attachments: true });
  assert.equal(here.n, 5);
  assert.equal(here._attachments.shared.revpos, 1);
  assert.equal(here._attachments.shared.data, base64('of here'));
  assert.equal(await text(local, 'there', 'shared'), 'of there');
  assert.equal(await text(remote, 'here', 'shared', { rev }), 'of here');
  const sides = await Promise.all([remote, local].map((db) => db.get('there', { revs: true })));
  assert.deepEqual(sides[0]._revisions, sides[1]._revisions);
});

test('documents that are many come with theirs', async () => {
  const docs = [...Array(120).keys()].map((i) => ({ _id: `d${i}`, _attachments: { [`f${i}`]: inline(`text ${i}`), same: inline('same') } }));
  await local.bulkDocs(docs);
  const pushed = await local.replicate.to(remote);
  assert.equal(pushed.docs_written, 120);
  const back = new PouchDB(`attachments-back-${count}`, { adapter: 'memory' });
  await back.replicate.from(remote);
  for (const i of [0, 57, 119]) {
    assert.equal(await text(back, `d${i}`, `f${i}`), `text ${i}`);
    assert.equal(await text(back, `d${i}`, 'same'), 'same');
  }
  await back.destroy();
});

test('sides of a conflict keep theirs, on both sides', async () => {
  await remote.put({ _id: 'a', _attachments: { base: inline('base') } });
  await PouchDB.sync(local, remote);
  const base = await local.get('a');
  await local.put({ ...base, _attachments: { ...base._attachments, mine: inline('mine') } });
  await remote.put({ ...base, _attachments: { base: inline('base, changed') } });
  await PouchDB.sync(local, remote);
  const here = await local.get('a', { conflicts: true, attachments: true });
  const there = await remote.get('a', { conflicts: true, attachments: true });
  assert.deepEqual(there, here);
  const lost = here._conflicts[0];
  const sides = await Promise.all([local, remote].map((db) => db.get('a', { rev: lost, attachments: true })));
  assert.deepEqual(sides[0], sides[1]);
  const texts = await Promise.all([here._rev, lost].map((rev) => text(remote, 'a', 'base', { rev })));
  assert.deepEqual(texts.sort(), ['base', 'base, changed']);
  const leaves = await remote.get('a', { open_revs: 'all', attachments: true });
  assert.equal(leaves.length, 2);
});

test('twenty megabytes go there and come back', async () => {
  const bytes = randomBytes(LARGE);
  await local.putAttachment('large', 'film', bytes, 'video/mp4');
  await local.replicate.to(remote);
  const back = new PouchDB(`attachments-back-${count}`, { adapter: 'memory' });
  await back.replicate.from(remote);
  for (const db of [remote, back]) {
    assert.ok(bytes.equals(await db.getAttachment('large', 'film')));
  }
  await back.destroy();
});

test('names may have slashes, spaces and letters of any script', async () => {
  const names = ['a/b/c.txt', 'ünïcødé ☃ 😀.txt', 'a+b&c=d?e#f%20.txt', '日本/語', '"quoted"', '.dot'];
  const attachments = Object.fromEntries(names.map((name) => [name, inline(name)]));
  await local.put({ _id: 'x/ü', _attachments: attachments });
  await remote.putAttachment('y/ü', names[0], Buffer.from('by itself'), 'text/plain');
  await PouchDB.sync(local, remote);
  for (const name of names) {
    assert.equal(await text(remote, 'x/ü', name), name);
    assert.equal(await text(remote, 'x/ü', name, { rev: (await remote.get('x/ü'))._rev }), name);
  }
  assert.equal(await text(local, 'y/ü', names[0]), 'by itself');
  const back = new PouchDB(`attachments-back-${count}`, { adapter: 'memory' });
  await back.replicate.from(remote);
  assert.deepEqual(await stubs(back, 'x/ü'), [...names].sort());
  await back.destroy();
  await assert.rejects(remote.putAttachment('z', '_x', Buffer.from(''), 'text/plain'), { status: 400 });
});

test('one that is removed is gone on the other side, one of an old revision is not', async () => {
  const { rev } = await local.put({ _id: 'a', _attachments: { go: inline('go'), stay: inline('stay') } });
  await PouchDB.sync(local, remote);
  await local.removeAttachment('a', 'go', rev);
  await PouchDB.sync(local, remote);
  assert.deepEqual(await stubs(remote, 'a'), ['stay']);
  assert.equal(await text(remote, 'a', 'go', { rev }), 'go');
  await remote.remove(await remote.get('a'));
  await PouchDB.sync(local, remote);
  await assert.rejects(remote.getAttachment('a', 'stay'), { status: 404 });
  await assert.rejects(local.get('a'), { status: 404, reason: 'deleted' });
});

test('a live replication sees a change that is only of an attachment', async () => {
  await remote.put({ _id: 'a' });
  const sync = PouchDB.sync(local, remote, { live: true, retry: true });
  await eventually(() => local.get('a'));
  const there = await remote.putAttachment('a', 'x', (await remote.get('a'))._rev, Buffer.from('of there'), 'text/plain');
  await eventually(() => local.getAttachment('a', 'x'));
  await local.putAttachment('a', 'x', there.rev, Buffer.from('of here'), 'text/plain');
  await eventually(async () => (await text(remote, 'a', 'x')) === 'of here');
  await remote.removeAttachment('a', 'x', (await remote.get('a'))._rev);
  await eventually(async () => (await stubs(local, 'a')).length === 0);
  const ended = new Promise((done) => sync.on('complete', done));
  sync.cancel();
  await ended;
});

test('an answer in one piece has those that are asked for', async () => {
  const { rev } = await remote.put({ _id: 'a', _attachments: { x: inline('x') } });
  const { results } = await remote.bulkGet({ docs: [{ id: 'a', rev }], attachments: true, revs: true });
  assert.equal(results[0].docs[0].ok._attachments.x.data, base64('x'));
});
