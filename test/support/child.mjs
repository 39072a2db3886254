// Runs flows in a process of its own, so that tests can race it or kill it:
//   node child.mjs <workspace> <name of the step> <argument as JSON>
// Its last line on stdout is the result as JSON: { ok: … } or { code: 'E_…' }.
import { add } from '#src/flows/add.js';
import { checkout } from '#src/flows/checkout.js';
import { Repository } from '#src/flows/repository.js';

const [root, step, argument] = process.argv.slice(2);

const steps = {
  /** Adds the paths, one commit each. */
  async add(repo, paths) {
    const added = [];
    for (const path of paths) {
      const { versions } = await add(repo, { paths: [path] });
      for (const { name, version, id } of versions) added.push({ name, version, id: id.toString() });
    }
    return added;
  },
  async checkout(repo, options) {
    return (await checkout(repo, { cwd: root, ...options })).map(({ written }) => written);
  },
};

const surroundings = { who: `process ${process.pid}`, clock: Date.now, workers: 2 };
try {
  const repo = await Repository.open(root, surroundings);
  process.stdout.write('open\n');
  const ok = await steps[step](repo, JSON.parse(argument));
  await repo.close();
  process.stdout.write(`${JSON.stringify({ ok })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ code: error.code ?? String(error), message: error.message })}\n`);
}
