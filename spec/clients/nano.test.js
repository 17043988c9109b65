// nano, CouchDB's client for Node, against a Stave at the address in STAVE.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Nano from 'nano';

const nano = Nano(process.env.STAVE.replace(/\/$/, ''));

test('a database and its documents', async () => {
  await nano.db.create('nano-1');
  await assert.rejects(nano.db.create('nano-1'), { statusCode: 412 });
  assert.ok((await nano.db.list()).includes('nano-1'));
  const db = nano.use('nano-1');
  const { rev } = await db.insert({ n: 1 }, 'a');
  assert.equal((await db.get('a', { revs_info: true }))._revs_info[0].status, 'available');
  assert.equal((await db.head('a')).etag, `"${rev}"`);
  await db.bulk({ docs: [{ _id: 'b', n: 2 }, { _id: 'c', n: 3 }] });
  assert.equal((await db.list({ include_docs: true })).rows.length, 3);
  assert.equal((await db.fetch({ keys: ['a', 'b'] })).rows[1].doc.n, 2);
  assert.deepEqual(
    (await db.find({ selector: { n: { $gt: 1 } }, fields: ['n'], sort: ['n'] })).docs,
    [{ n: 2 }, { n: 3 }]);
  assert.equal((await db.info()).doc_count, 3);
  await db.destroy('a', rev);
  await assert.rejects(db.get('a'), { statusCode: 404 });
  await nano.db.destroy('nano-1');
});

test('changes, one after the other', async () => {
  await nano.db.create('nano-2');
  const db = nano.use('nano-2');
  await db.insert({ n: 1 }, 'a');
  const changes = await new Promise((done, failed) => {
    db.changesReader.get({ since: '0', includeDocs: true }).on('batch', (batch) => done(batch)).on('error', failed);
  });
  assert.equal(changes[0].doc.n, 1);
  await nano.db.destroy('nano-2');
});
