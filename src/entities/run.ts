import { utf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { LIMITS } from '../base/limits.js';
import { CID, nodeId } from '../id/cid.js';
import { encode, isMap, type Value, type ValueMap } from '../id/codec.js';
import { FORMAT_VERSION, openKind } from '../tree/envelope.js';
import { type Kind, linksByPlace } from './kind.js';

/** Role → the ID that played it. */
export type Roles = Readonly<Record<string, CID>>;

/** Something that happened: what it read, what it made, with which tool, when and by whom. */
export interface Run {
  readonly op: string;
  readonly inputs: Roles;
  readonly outputs: Roles;
  readonly tool: { readonly name: string; readonly version: string };
  /** Times as `timestamp` of base/clock writes them. */
  readonly start: string;
  readonly end?: string;
  readonly who: string;
  readonly message?: string;
  /** Fields that this version does not know, kept as they are. */
  readonly more?: ValueMap;
}

const MAX_ROLE_LENGTH = 200;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The entity of `run`, and its ID. E_ENCODING or E_LIMIT for a run that `parseRun` would refuse. */
export function encodeRun(run: Run): { id: CID; bytes: Uint8Array } {
  const value = runValue(run);
  parseRun(value);
  const bytes = encode(value);
  return { id: nodeId(bytes), bytes };
}

function runValue(run: Run): ValueMap {
  const { op, inputs, outputs, tool, start, end, who, message, more } = run;
  return {
    ...more,
    dvs: FORMAT_VERSION,
    kind: 'run',
    op,
    inputs: { ...inputs },
    outputs: { ...outputs },
    tool: { name: tool.name, version: tool.version },
    start,
    who,
    ...(end === undefined ? {} : { end }),
    ...(message === undefined ? {} : { message }),
  };
}

/** Reads a decoded run. E_ENCODING, E_LIMIT or E_FORMAT when it is none; unknown fields are kept in `more`. */
export function parseRun(value: Value): Run {
  const { dvs: _dvs, kind: _kind, ...fields } = openKind(value, 'run');
  const { op, inputs, outputs, tool, start, end, who, message, ...more } = fields;
  return {
    op: text('op', op),
    inputs: roles('inputs', inputs),
    outputs: roles('outputs', outputs),
    tool: parseTool(tool),
    start: time('start', start),
    who: text('who', who),
    ...(end === undefined ? {} : { end: time('end', end) }),
    ...(message === undefined ? {} : { message: text('message', message) }),
    ...(Object.keys(more).length === 0 ? {} : { more }),
  };
}

export const runKind: Kind<Run> = {
  kind: 'run',
  parse: parseRun,
  links: (run) => linksByPlace(runValue(run)),
  describe: ({ op, tool, start, end, who, message }) => ({
    op,
    tool: `${tool.name} ${tool.version}`,
    start,
    ...(end === undefined ? {} : { end }),
    who,
    ...(message === undefined ? {} : { message }),
  }),
};

function parseTool(value: Value | undefined): Run['tool'] {
  if (!isMap(value) || Object.keys(value).length !== 2) throw malformed('`tool` is not a name and a version');
  const { name, version } = value;
  return { name: text('tool.name', name), version: text('tool.version', version) };
}

function roles(field: string, value: Value | undefined): Roles {
  if (!isMap(value)) throw malformed(`\`${field}\` is no map`);
  const links = Object.entries(value).map(([role, id]): [string, CID] => {
    if (role === '' || role.length > MAX_ROLE_LENGTH)
      throw malformed(`\`${field}\` has a role without a usable name`);
    if (!(id instanceof CID)) throw malformed(`\`${field}\` has a role that is no link`);
    return [role, id];
  });
  return Object.fromEntries(links);
}

function text(field: string, value: Value | undefined): string {
  if (typeof value !== 'string') throw malformed(`\`${field}\` is no text`);
  if (utf8(value).length > LIMITS.textBytes) {
    throw new DvsError('E_LIMIT', `the \`${field}\` of a run is longer than ${LIMITS.textBytes} bytes`);
  }
  return value;
}

function time(field: string, value: Value | undefined): string {
  const written = text(field, value);
  // Only what a date gives back as it was read: the 30th of February has the form, too.
  const ms = TIME.test(written) ? Date.parse(written) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== written) {
    throw malformed(`\`${field}\` is no time in UTC with milliseconds`);
  }
  return written;
}

function malformed(why: string): DvsError {
  return new DvsError('E_ENCODING', `malformed run: ${why}`);
}
