// PouchDB Server, in memory, on any free port, which it prints: a peer that others wrote.
import express from 'express';
import expressPouchDB from 'express-pouchdb';
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';

PouchDB.plugin(memory);
const app = express();
const databases = PouchDB.defaults({ adapter: 'memory' });
const options = { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: '/dev/null' };
app.use('/', expressPouchDB(databases, options));
const server = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
