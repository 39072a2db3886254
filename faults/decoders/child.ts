/** Tries one decoder in a process of its own, whose memory says what it took: `child.js <name> <runs> <seed>`. */
import { decoders } from './decoders.js';
import { tryDecoder } from './try.js';

const [name, runs, seed] = process.argv.slice(2);
const decoder = decoders.find((known) => known.name === name);
if (decoder === undefined) throw new Error(`no decoder ${name}`);
// Most inputs are refused, and nobody reads where.
Error.stackTraceLimit = 0;
const tried = await tryDecoder(decoder, { runs: Number(runs), seed: Number(seed) });
const mebibytes = Math.ceil(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ ...tried, mebibytes }));
