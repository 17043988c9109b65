import {useEffect, useMemo, useState} from 'react';
import {createRoot} from 'react-dom/client';
import {GraphiQL, HISTORY_PLUGIN} from 'graphiql';
import {explorerPlugin} from '@graphiql/plugin-explorer';
import {createGraphiQLFetcher} from '@graphiql/toolkit';
import {createClient} from 'graphql-ws';
import {parse} from 'graphql';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './page.css';

globalThis.MonacoEnvironment = {
  getWorker: (_, label) => {
    const name = label === 'json' || label === 'graphql' ? label : 'editor';
    return new Worker(`/_graphiql/${name}.worker.js`);
  },
};

const DEFAULT_QUERY = `# Ctrl-Space shows what there is,
# Ctrl-Enter asks. The explorer on the left
# puts a query together.
{
  documents(first: 10) {
    totalCount
    nodes {
      _id
      _json
    }
  }
}
`;

const json = async answer => {
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.reason ?? body.error);
  return body;
};

/** What is typed is kept for each database apart. */
function storageOf(database) {
  const prefix = `stave:${database}:`;
  const names = () => Object.keys(localStorage).filter(name => name.startsWith(prefix));
  return {
    getItem: name => localStorage.getItem(prefix + name),
    setItem: (name, value) => localStorage.setItem(prefix + name, value),
    removeItem: name => localStorage.removeItem(prefix + name),
    clear: () => names().forEach(name => localStorage.removeItem(name)),
    get length() {
      return names().length;
    },
  };
}

/** As it is asked: what the editor has read so far may be older, and a subscription goes another way. */
function documentOf(query) {
  try {
    return parse(query);
  } catch {
    return undefined; // the server says what is wrong
  }
}

function Editor({database}) {
  const parts = useMemo(() => {
    const url = `/${encodeURIComponent(database)}/_graphql`;
    const socket = new URL(url, location.href);
    socket.protocol = socket.protocol === 'https:' ? 'wss:' : 'ws:';
    const ask = createGraphiQLFetcher({url, wsClient: createClient({url: socket.href, lazy: true})});
    return {
      fetcher: (asked, options) => ask(asked, {...options, documentAST: documentOf(asked.query)}),
      storage: storageOf(database),
      plugins: [HISTORY_PLUGIN, explorerPlugin()],
    };
  }, [database]);
  return <GraphiQL {...parts} defaultQuery={DEFAULT_QUERY} />;
}

function Login({user, onChange}) {
  const [refused, setRefused] = useState('');
  const logIn = async event => {
    event.preventDefault();
    const form = event.currentTarget;
    const {name, password} = Object.fromEntries(new FormData(form));
    try {
      await fetch('/_session', {
        method: 'POST',
        headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({name, password}),
      }).then(json);
      setRefused('');
      form.reset();
      onChange();
    } catch (e) {
      setRefused(e.message);
    }
  };
  const logOut = async () => {
    await fetch('/_session', {method: 'DELETE'});
    onChange();
  };
  if (user) {
    return (
      <span>
        {user} <button onClick={logOut}>Log out</button>
      </span>
    );
  }
  return (
    <form onSubmit={logIn} aria-label="Log in">
      <input name="name" placeholder="name" aria-label="Name" autoComplete="username" required />
      <input name="password" type="password" placeholder="password" aria-label="Password" autoComplete="current-password" required />
      <button type="submit">Log in</button>
      {refused && <span role="alert">{refused}</span>}
    </form>
  );
}

function Page() {
  const [database, setDatabase] = useState(new URLSearchParams(location.search).get('db') ?? '');
  const [names, setNames] = useState([]);
  const [user, setUser] = useState(null);
  const [logins, setLogins] = useState(0);
  useEffect(() => {
    fetch('/_session').then(json).then(session => setUser(session.userCtx.name), () => setUser(null));
    fetch('/_all_dbs').then(json).then(
      found => {
        setNames(found);
        setDatabase(now => now || (found.find(name => !name.startsWith('_')) ?? ''));
      },
      () => setNames([])); // may be for administrators alone: the name can be typed
  }, [logins]);
  useEffect(() => {
    document.title = `${database || 'GraphiQL'} · Stave`;
    if (database) history.replaceState(null, '', `?db=${encodeURIComponent(database)}`);
  }, [database]);
  const open = event => {
    event.preventDefault();
    setDatabase(new FormData(event.currentTarget).get('database').trim());
  };
  return (
    <>
      <header className="stave">
        <strong>Stave</strong>
        <form onSubmit={open} aria-label="Database">
          <input name="database" key={database} defaultValue={database} list="databases" placeholder="database" aria-label="Database" required />
          <datalist id="databases">{names.map(name => <option key={name} value={name} />)}</datalist>
          <button type="submit">Open</button>
        </form>
        <a href={`/${encodeURIComponent(database)}/_graphql?sdl`}>Schema</a>
        <a href="/_console">Console</a>
        <span className="rest">
          <Login user={user} onChange={() => setLogins(logins + 1)} />
        </span>
      </header>
      <div className="editor">
        {database
          ? <Editor key={`${database} ${user}`} database={database} />
          : <p className="empty">Name a database above, and log in if it is not open to everybody.</p>}
      </div>
    </>
  );
}

createRoot(document.getElementById('page')).render(<Page />);
