// PouchDB, in memory, takes all of the database at the first address, and gives it to that at the second; says how fast.
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';

PouchDB.plugin(memory);
const [from, to] = process.argv.slice(2);
const here = new PouchDB('here', { adapter: 'memory' });
for (const [name, run] of [['pull', () => here.replicate.from(from)], ['push', () => here.replicate.to(to)]]) {
  const start = Date.now();
  const { docs_written: written } = await run();
  const seconds = (Date.now() - start) / 1000;
  console.log(`${name}: ${written} documents in ${seconds.toFixed(2)} s, ${Math.round(written / seconds)} a second;`);
}
