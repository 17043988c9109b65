// Clients of GraphQL, as they come from npm, against a Stave at the address in STAVE: the audit of GraphQL over HTTP, urql with a normalised cache, and
// subscriptions over WebSocket (graphql-ws) and as server-sent events (graphql-sse).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import WebSocket from 'ws';
import { serverAudits } from 'graphql-http';
import { createClient as socketClient } from 'graphql-ws';
import { createClient as eventsClient } from 'graphql-sse';
import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { persistedExchange } from '@urql/exchange-persisted';
import { eventually } from './eventually.js';

const server = process.env.STAVE.replace(/\/$/, '');
const url = `${server}/library/_graphql`;
const socket = url.replace(/^http/, 'ws');

async function api(method, path, body) {
  const answer = await fetch(server + path, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  return answer.json();
}

before(async () => {
  await api('PUT', '/library');
  const docs = [...Array(30).keys()].map((i) => ({ _id: `b${String(i).padStart(2, '0')}`, type: 'book', title: `Book ${i}`, year: 1980 + i }));
  await api('POST', '/library/_bulk_docs', { docs });
});

for (const audit of serverAudits({ url, fetchFn: fetch })) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, 'ok', `${result.reason} ${result.response && await result.response.text()}`);
  });
}

function urql(requests = []) {
  const sockets = socketClient({ url: socket, webSocketImpl: WebSocket });
  return {
    sockets,
    client: new Client({
      url,
      preferGetMethod: false,
      fetch: (...args) => {
        requests.push(args);
        return fetch(...args);
      },
      exchanges: [
        cacheExchange({ keys: { PageInfo: () => null }, resolvers: { Query: { books: relayPagination() } } }),
        persistedExchange({ generateHash: async (query) => createHash('sha256').update(query).digest('hex') }),
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: (operation) => ({
            subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ ...operation, query: operation.query ?? '' }, sink) }),
          }),
        }),
      ],
    }),
  };
}

const PAGE = gql`
  query Page($after: String) {
    books(first: 12, after: $after, orderBy: [{ path: "year" }]) {
      totalCount
      edges { cursor node { _id title year } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

test('urql reads all pages, one after the other, into its cache', async () => {
  const { client, sockets } = urql();
  let after = null;
  let known;
  for (let page = 0; page < 3; page++) {
    known = (await client.query(PAGE, { after }).toPromise());
    assert.equal(known.error, undefined);
    after = known.data.books.pageInfo.endCursor;
  }
  assert.equal(known.data.books.totalCount, 30);
  assert.deepEqual(known.data.books.edges.map((edge) => edge.node.year), [...Array(30).keys()].map((i) => 1980 + i));
  assert.equal(known.data.books.pageInfo.hasNextPage, false);
  await sockets.dispose();
});

test('a mutation changes what the cache has of the document, which is not asked for again', async () => {
  const requests = [];
  const { client, sockets } = urql(requests);
  const one = gql`query One { document(id: "b03") { _id _revision ... on Book { title } } }`;
  const first = await client.query(one, {}).toPromise();
  assert.equal(first.error, undefined);
  const asked = requests.length;

  const changed = await client.mutation(gql`
    mutation Rename($revision: String!) {
      patch(id: "b03", revision: $revision, merge: { title: "Renamed" }) { _id _revision ... on Book { title } }
    }
  `, { revision: first.data.document._revision }).toPromise();
  assert.equal(changed.error, undefined);
  const again = await client.query(one, {}, { requestPolicy: 'cache-only' }).toPromise();

  assert.equal(again.data.document.title, 'Renamed');
  assert.notEqual(again.data.document._revision, first.data.document._revision);
  assert.ok(requests.length > asked);

  const stale = await client.mutation(gql`
    mutation Late($revision: String!) { patch(id: "b03", revision: $revision, merge: { title: "Late" }) { _id } }
  `, { revision: first.data.document._revision }).toPromise();
  assert.equal(stale.error.graphQLErrors[0].extensions.code, 'STALE_REVISION');
  await sockets.dispose();
});

test('a persisted query is told once, and named from then on', async () => {
  const requests = [];
  const { client, sockets } = urql(requests);
  const query = gql`query Told { documents(first: 1) { totalCount } }`;
  const policy = { requestPolicy: 'network-only' };

  const first = await client.query(query, {}, policy).toPromise();
  const told = requests.length;
  const second = await client.query(query, {}, policy).toPromise();

  assert.equal(first.error, undefined);
  assert.deepEqual(second.data, first.data);
  assert.equal(told, 2, 'once without the query, and once with it');
  assert.equal(requests.length, 3);
  assert.match(String(requests[2][0]), /persistedQuery/);
  assert.doesNotMatch(String(requests[2][0]), /totalCount/);
  await sockets.dispose();
});

test('urql hears of each edit that matches, over WebSocket', async () => {
  const { client, sockets } = urql();
  const events = [];
  const subscription = client.subscription(gql`
    subscription Late($selector: JSON) { watch(selector: $selector) { kind id document { _id ... on Book { title } } } }
  `, { selector: { year: { $gt: 2100 } } }).subscribe((result) => events.push(result));
  await eventually(async () => {
    await api('PUT', `/library/n${events.length}-${Date.now()}`, { type: 'book', title: 'New', year: 2222 });
    return events.length > 0;
  });
  subscription.unsubscribe();
  await sockets.dispose();
  assert.equal(events[0].error, undefined);
  assert.equal(events[0].data.watch.kind, 'ADDED');
  assert.equal(events[0].data.watch.document.title, 'New');
});

async function take(iterator, count) {
  const taken = [];
  for await (const each of iterator) {
    taken.push(each);
    if (taken.length === count) break;
  }
  return taken;
}

const CHANGES = 'subscription Changes($since: String) { changes(since: $since) { id cursor deleted document { _id } } }';

test('graphql-ws goes on where it was, and a query goes over it too', async () => {
  const client = socketClient({ url: socket, webSocketImpl: WebSocket });
  const first = await take(client.iterate({ query: CHANGES, variables: { since: '0' } }), 10);
  const cursor = first[9].data.changes.cursor;
  const rest = await take(client.iterate({ query: CHANGES, variables: { since: cursor } }), 5);
  assert.ok(Number(rest[0].data.changes.cursor) > Number(cursor));
  const [answer] = await take(client.iterate({ query: '{ document(id: "b01") { _id } }' }), 1);
  assert.deepEqual(answer, { data: { document: { _id: 'b01' } } });
  await assert.rejects(take(client.iterate({ query: '{ nothing }' }), 1), (errors) => errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED');
  await client.dispose();
});

test('graphql-sse has the same, and a query too', async () => {
  const client = eventsClient({ url });
  const first = await take(client.iterate({ query: CHANGES, variables: { since: '0' } }), 10);
  const rest = await take(client.iterate({ query: CHANGES, variables: { since: first[9].data.changes.cursor } }), 5);
  assert.ok(Number(rest[0].data.changes.cursor) > Number(first[9].data.changes.cursor));
  const [answer] = await take(client.iterate({ query: '{ document(id: "b01") { _id } }' }), 1);
  assert.deepEqual(answer, { data: { document: { _id: 'b01' } } });
  client.dispose();
});
