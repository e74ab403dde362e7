// What esbuild is told apart from its options in serverless.yml.
'use strict';
const { readFile } = require('node:fs/promises');

const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[a-z0-9-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
const CONSTANT = /^const (_\w+) = ("[^"\\]*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;

/**
 * The SDK writes keys of its schemas as `[_xN]:`, a constant of the same file. For all that esbuild knows, to
 * compute such a key may do something, so it keeps every schema that has one, and whatever that refers to.
 * With the key written out, only the schemas of the commands that are used are left.
 */
const literalSchemaKeys = {
  name: 'literal-schema-keys',
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const constants = new Map([...text.matchAll(CONSTANT)].map(([, name, value]) => [name, value]));
      const literal = (whole, name) => (constants.has(name) ? `${constants.get(name)}:` : whole);
      return { contents: text.replace(COMPUTED_KEY, literal), loader: 'js' };
    });
  },
};

module.exports = [literalSchemaKeys];
