// What CouchDB's query server gives to the functions of design documents, beside emit, log and require.
(function (global) {
  'use strict';

  var nativeSort = Array.prototype.sort;
  var stringify = global.stringify;
  delete global.stringify;

  function define(owner, name, value) {
    Object.defineProperty(owner, name, { value: value, writable: true, configurable: true, enumerable: false });
  }

  function byText(left, right) {
    var a = String(left);
    var b = String(right);
    return a < b ? -1 : a > b ? 1 : 0;
  }

  // With an order of its own, each step of which the interpreter counts.
  define(Array.prototype, 'sort', function sort(order) {
    return nativeSort.call(this, order === undefined ? byText : order);
  });

  define(Array.prototype, 'flat', function flat(depth) {
    var levels = depth === undefined ? 1 : Number(depth);
    var all = [];
    for (var i = 0; i < this.length; i++) {
      if (levels > 0 && Array.isArray(this[i])) {
        all.push.apply(all, this[i].flat(levels - 1));
      } else if (i in this) {
        all.push(this[i]);
      }
    }
    return all;
  });

  define(JSON, 'stringify', function (value, replacer, space) {
    return stringify(value, replacer, space);
  });

  define(global, 'toJSON', function toJSON(value) {
    return stringify(value);
  });

  define(global, 'isArray', Array.isArray);

  define(global, 'sum', function sum(values) {
    var total = 0;
    for (var i = 0; i < values.length; i++) {
      total += values[i];
    }
    return total;
  });
})(this);

// Answers of show, list and update functions.
(function (global) {
  'use strict';

  var LONGEST = 16 * 1024 * 1024;
  var types = {};
  var offers = [];
  var started = {};
  var chunks = [];
  var length = 0;
  var nextRow = null;

  function define(name, value) {
    Object.defineProperty(global, name, { value: value, writable: true, configurable: true, enumerable: false });
  }

  define('registerType', function registerType(key) {
    types[key] = Array.prototype.slice.call(arguments, 1);
  });

  define('provides', function provides(key, make) {
    offers.push({ key: key, make: make });
  });

  define('start', function start(response) {
    started = response || {};
  });

  define('send', function send(chunk) {
    var text = String(chunk);
    length += text.length;
    if (length > LONGEST) {
      throw ['error', 'script_limit', 'an answer of more than ' + LONGEST + ' characters'];
    }
    chunks.push(text);
  });

  define('getRow', function getRow() {
    return nextRow ? nextRow() : null;
  });

  registerType('all', '*/*');
  registerType('text', 'text/plain; charset=utf-8', 'txt');
  registerType('html', 'text/html; charset=utf-8');
  registerType('xhtml', 'application/xhtml+xml', 'xhtml');
  registerType('xml', 'application/xml', 'text/xml', 'application/x-xml');
  registerType('js', 'text/javascript', 'application/javascript', 'application/x-javascript');
  registerType('css', 'text/css');
  registerType('ics', 'text/calendar');
  registerType('csv', 'text/csv');
  registerType('rss', 'application/rss+xml');
  registerType('atom', 'application/atom+xml');
  registerType('yaml', 'application/x-yaml', 'text/yaml');
  registerType('multipart_form', 'multipart/form-data');
  registerType('url_encoded_form', 'application/x-www-form-urlencoded');
  registerType('json', 'application/json', 'text/x-json');

  function essence(type) {
    return type.split(';')[0].trim();
  }

  // What the client takes, most wanted first.
  function wanted(accept) {
    return accept
      .split(',')
      .map(function (part, place) {
        var q = /;\s*q=([0-9.]+)/.exec(part);
        return { type: essence(part), q: q ? Number(q[1]) : 1, place: place };
      })
      .filter(function (range) {
        return range.q > 0;
      })
      .sort(function (a, b) {
        return b.q - a.q || a.place - b.place;
      });
  }

  function matches(range, type) {
    var parts = range.split('/');
    return range === '*/*' || range === type || (parts[1] === '*' && type.split('/')[0] === parts[0]);
  }

  function offered(key) {
    for (var i = 0; i < offers.length; i++) {
      if (offers[i].key === key) {
        return { make: offers[i].make, type: (types[key] || [])[0] };
      }
    }
    return null;
  }

  function chosen(req) {
    var format = req.query && req.query.format;
    var accept = req.headers && (req.headers.Accept || req.headers.accept);
    var found = null;
    if (format) {
      found = offered(format);
    } else if (accept) {
      wanted(accept).some(function (range) {
        return offers.some(function (offer) {
          return (types[offer.key] || []).some(function (type) {
            if (matches(range.type, essence(type))) {
              found = { make: offer.make, type: type };
            }
            return found;
          });
        });
      });
    } else {
      found = offered(offers[0].key);
    }
    if (!found) {
      var names = offers.map(function (offer) {
        return (types[offer.key] || [offer.key])[0];
      });
      throw ['error', 'not_acceptable', 'Content-Type ' + (format || accept) + ' not supported, try one of: ' + names.join(', ')];
    }
    return found;
  }

  function merged(response, type) {
    var all = { code: started.code, headers: {} };
    var key;
    if (type && type !== '*/*') {
      all.headers['Content-Type'] = type;
    }
    for (key in started.headers || {}) {
      all.headers[key] = started.headers[key];
    }
    for (key in response.headers || {}) {
      all.headers[key] = response.headers[key];
    }
    for (key in response) {
      if (key !== 'headers') {
        all[key] = response[key];
      }
    }
    return all;
  }

  // Calls a function with (doc or head, req); what it returns, sends, starts and provides is one answer.
  global.respond = function (fun, self, first, req, rows) {
    offers = [];
    started = {};
    chunks = [];
    length = 0;
    nextRow = rows;
    var result = fun.call(self, first, req);
    var type = null;
    if (offers.length > 0) {
      var choice = chosen(req);
      type = choice.type;
      result = choice.make.call(self);
    }
    var response = result && typeof result === 'object' ? result : { body: result === undefined || result === null ? '' : String(result) };
    if (response.body !== undefined || chunks.length > 0) {
      response.body = chunks.join('') + (response.body === undefined ? '' : response.body);
    }
    return merged(response, type);
  };
})(this);
