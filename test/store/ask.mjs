// Asks a store everything through each of several catalogues, in a process of its own:
//   node ask.mjs <folder of the store> <names and how many versions each has, as JSON> <catalogue>…
// Prints for each catalogue one line of JSON: the answers, or the code of the error.
import { join } from 'node:path';
import { LocalBackend } from '#src/backend/local.js';
import { resolve } from '#src/ops/resolve/resolve.js';
import { tags, versions } from '#src/store/catalogue/names.js';
import { Store } from '#src/store/store.js';

const [folder, question, ...catalogues] = process.argv.slice(2);
const { names, count } = JSON.parse(question);

async function answers(store) {
  await store.refresh();
  const given = [];
  for (const name of names) {
    for (const selector of ['', ':latest', ':best'])
      given.push(`${name}${selector} ${(await resolve(store, name + selector)).id}`);
    for (let version = 1; version <= count; version++) {
      const { id } = await resolve(store, `${name}:v${version}`);
      const bytes = await store.objects.get(id);
      given.push(`${name}:v${version} ${id} ${Buffer.from(bytes).toString('hex')}`);
      given.push(`a prefix ${(await resolve(store, id.toString().slice(0, 20))).id}`);
    }
    await store.query(async (session) => {
      const numbers = [];
      for await (const { version } of versions(session, name)) numbers.push(version);
      given.push(
        `${name} was ${numbers}`,
        `${name} has ${(await tags(session, name)).map(({ tag, id }) => `${tag} ${id}`)}`,
      );
    });
  }
  return given;
}

for (const catalogueDir of catalogues) {
  const backend = new LocalBackend(join(folder, 'store'));
  const store = await Store.open({ backend, catalogueDir, scratchDir: join(folder, 'scratch') });
  const answer = await answers(store).catch((error) => [error.code ?? String(error)]);
  await store.close();
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
