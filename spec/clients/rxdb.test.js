// RxDB's replication with CouchDB against a Stave at the address in STAVE. RxDB's has no attachments.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { createRxDatabase } from 'rxdb';
import { replicateCouchDB } from 'rxdb/plugins/replication-couchdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { eventually } from './eventually.js';

const server = process.env.STAVE;
const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 100 }, name: { type: 'string' }, age: { type: 'number' } },
};
let count = 0;
let url;
let devices = [];

beforeEach(async () => {
  count++;
  url = `${server}rxdb-${count}/`;
  await ask('', { method: 'PUT' });
});

afterEach(async () => {
  await Promise.all(devices.map((device) => device.database.close()));
  devices.forEach((device) => device.asked.abort()); // RxDB goes on asking for changes until it has an answer
  devices = [];
});

async function ask(path, options) {
  const answer = await fetch(url + path, { headers: { 'Content-Type': 'application/json' }, ...options });
  return answer.json();
}

/** A database of RxDB's own, which replicates. */
async function device(options = {}) {
  const database = await createRxDatabase({ name: `device-${count}-${devices.length}`, storage: getRxStorageMemory(), multiInstance: false });
  const { people } = await database.addCollections({ people: { schema, ...options.collection } });
  const asked = new AbortController();
  const replication = replicateCouchDB({
    fetch: (address, more) => fetch(address, { ...more, signal: asked.signal }),
    replicationIdentifier: `to-${url}`,
    collection: people,
    url,
    live: true,
    pull: { batchSize: 60, heartbeat: 10_000 },
    push: { batchSize: 60 },
    ...options.replication,
  });
  const errors = [];
  replication.error$.subscribe((error) => errors.push(error));
  const made = { database, people, replication, errors, asked };
  devices.push(made);
  return made;
}

const name = async (each, id) => (await each.people.findOne(id).exec())?.name;

test('what is here goes there, in batches', async () => {
  const { people, replication, errors } = await device({ replication: { live: false } });
  await people.bulkInsert([...Array(150).keys()].map((i) => ({ id: `p${i}`, name: `Person ${i}`, age: i })));
  await replication.awaitInitialReplication();
  await replication.awaitInSync();
  await eventually(async () => (await ask('')).doc_count === 150);
  assert.equal((await ask('p7')).name, 'Person 7');
  assert.deepEqual(errors, []);
});

test('what is there comes here, deletions too', async () => {
  const docs = [...Array(150).keys()].map((i) => ({ _id: `p${i}`, name: `Person ${i}`, age: i }));
  const written = await ask('_bulk_docs', { method: 'POST', body: JSON.stringify({ docs }) });
  await ask(`p3?rev=${written[3].rev}`, { method: 'DELETE' });
  const { people, replication, errors } = await device({ replication: { live: false } });
  await replication.awaitInitialReplication();
  assert.equal((await people.find().exec()).length, 149);
  assert.deepEqual(errors, []);
});

test('two devices see live what the other writes, changes and deletes', async () => {
  const left = await device();
  const right = await device();
  await Promise.all([left, right].map((each) => each.replication.awaitInitialReplication()));
  await left.people.insert({ id: 'ann', name: 'Ann', age: 30 });
  await eventually(async () => (await name(right, 'ann')) === 'Ann');
  await (await right.people.findOne('ann').exec()).patch({ name: 'Anna' });
  await eventually(async () => (await name(left, 'ann')) === 'Anna');
  await (await left.people.findOne('ann').exec()).remove();
  await eventually(async () => (await name(right, 'ann')) === undefined);
  assert.equal((await ask('ann')).reason, 'deleted');
  await right.people.insert({ id: 'ann', name: 'Ann again', age: 1 });
  await eventually(async () => (await name(left, 'ann')) === 'Ann again');
  assert.deepEqual([...left.errors, ...right.errors], []);
});

test('a conflict is settled as the handler says, on both devices', async () => {
  const conflictHandler = {
    isEqual: (a, b) => a.name === b.name && a.age === b.age && a._deleted === b._deleted,
    resolve: ({ newDocumentState, realMasterState }) => ({ ...realMasterState, name: [newDocumentState.name, realMasterState.name].sort().join('+') }),
  };
  const collection = { conflictHandler };
  const left = await device({ collection });
  await left.people.insert({ id: 'ann', name: 'Ann', age: 30 });
  const right = await device({ collection });
  await eventually(async () => (await name(right, 'ann')) === 'Ann');
  await Promise.all([left, right].map((each) => each.replication.pause()));
  await (await left.people.findOne('ann').exec()).patch({ name: 'left' });
  await (await right.people.findOne('ann').exec()).patch({ name: 'right' });
  await left.replication.start();
  await eventually(async () => (await ask('ann')).name === 'left');
  await right.replication.start();
  for (const each of [left, right]) {
    await eventually(async () => (await name(each, 'ann')) === 'left+right');
  }
  assert.equal((await ask('ann?conflicts=true'))._conflicts, undefined);
  assert.deepEqual([...left.errors, ...right.errors], []);
});
