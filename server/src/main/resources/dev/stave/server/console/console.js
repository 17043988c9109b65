'use strict';

const $ = id => document.getElementById(id);
const path = (...parts) => '/' + parts.map(encodeURIComponent).join('/');

async function ask(url, body) {
  const answer = await fetch(url, body === undefined ? {} : {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body});
  const json = await answer.json();
  if (!answer.ok) {
    throw new Error(json.reason || json.error);
  }
  return json;
}

async function attempt(work) {
  $('error').hidden = true;
  try {
    await work();
  } catch (e) {
    $('error').textContent = e.message;
    $('error').hidden = false;
  }
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function openDatabase() {
  const name = $('database').value;
  $('document').hidden = true;
  const info = await ask(path(name));
  $('summary').textContent = `${info.doc_count} documents, ${info.update_seq} changes`;
  await find();
}

// The selector goes out as it was typed: reading it here would round its large numbers.
function queryText() {
  JSON.parse($('selector').value);
  const sort = $('sort').value.trim();
  const order = sort ? `, "sort": [{${JSON.stringify(sort)}: "${$('descending').checked ? 'desc' : 'asc'}"}]` : '';
  return `{"selector": ${$('selector').value}, "limit": ${Number($('limit').value) || 25}${order}}`;
}

async function find() {
  const database = $('database').value;
  const query = queryText();
  const [found, explained] = await Promise.all([
    ask(path(database, '_find'), query), ask(path(database, '_explain'), query)]);
  showPlan(explained.plan);
  $('results').replaceChildren(...found.docs.map(document => row(database, document)));
  if (found.docs.length === 0) {
    $('results').append(element('li', 'No document matches.', 'soft'));
  }
}

function row(database, found) {
  const {_id, _rev, ...body} = found;
  const item = element('li');
  const button = element('button');
  button.append(element('strong', _id), element('span', JSON.stringify(body)));
  button.addEventListener('click', () => attempt(() => show(database, _id)));
  item.append(button);
  return item;
}

function showPlan(plan) {
  const milliseconds = (plan.nanoseconds / 1e6).toFixed(2);
  const steps = element('ul');
  steps.append(step(plan.steps));
  $('plan').replaceChildren(
    element('div', `${plan.returned} found in ${milliseconds} ms, ${plan.order}. `
      + `Read: ${plan.postings_read} index entries, ${plan.documents_read} documents of `
      + `${plan.bytes_read} bytes; expected at most ${plan.estimated_documents} of about `
      + `${plan.estimated_bytes} bytes.`),
    steps);
  $('plan').hidden = false;
}

function step(part) {
  const item = element('li');
  const left = `${part.rows} ${part.exact ? '' : 'candidates'}`.trim();
  item.append(element('strong', part.access), ' ', element('code', part.condition), ` → ${left}`);
  if (part.parts) {
    const list = element('ul');
    list.append(...part.parts.map(step));
    item.append(list);
  }
  return item;
}

async function show(database, id) {
  const winner = await ask(path(database, id) + '?conflicts=true');
  const {_id, _rev, _conflicts = [], ...body} = winner;
  $('document-id').textContent = _id;
  $('document-revision').textContent = _rev;
  $('body').textContent = JSON.stringify(body, null, 2);
  const sides = await Promise.all(_conflicts.map(
    rev => ask(path(database, id) + '?rev=' + encodeURIComponent(rev))));
  $('conflicts').replaceChildren(...sides.map(side => conflict(body, side)));
  $('document').hidden = false;
}

/** What another live revision says differently from the winner, value by value. */
function conflict(winner, {_id, _rev, ...other}) {
  const box = element('div', undefined, 'conflict');
  box.append(element('strong', 'In conflict with '), element('code', _rev));
  const list = element('dl');
  for (const {path, here, there} of differences(winner, other, '')) {
    list.append(element('dt', path), side('here', here), side('there', there));
  }
  box.append(list);
  return box;
}

function side(where, value) {
  const said = element('dd', where + ' ');
  said.append(value === undefined
    ? element('span', 'nothing', 'soft') : element('code', JSON.stringify(value), 'differs'));
  return said;
}

function differences(here, there, path) {
  const both = [here, there];
  const within = both.every(Array.isArray)
    || both.every(v => v !== null && typeof v === 'object' && !Array.isArray(v));
  if (!within) {
    return JSON.stringify(here) === JSON.stringify(there) ? [] : [{path, here, there}];
  }
  const names = [...new Set([...Object.keys(here), ...Object.keys(there)])];
  return names.flatMap(name => differences(
    here[name], there[name], Array.isArray(here) ? `${path}[${name}]` : path ? `${path}.${name}` : name));
}

$('query').addEventListener('submit', event => {
  event.preventDefault();
  attempt(find);
});
$('selector').addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    $('query').requestSubmit();
  }
});
$('database').addEventListener('change', () => attempt(openDatabase));

attempt(async () => {
  const names = await ask('/_all_dbs');
  $('database').replaceChildren(...names.map(name => new Option(name)));
  if (names.length > 0) {
    await openDatabase();
  } else {
    $('summary').textContent = 'There is no database yet: create one with PUT /name.';
  }
});
