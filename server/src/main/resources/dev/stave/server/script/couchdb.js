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
