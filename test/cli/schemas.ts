import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Ran, Scratch } from './support.js';

const FOLDER = new URL('../../docs/schemas/', import.meta.url);

/** As much of a JSON Schema as is looked at here. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema | false;
  readonly additionalProperties?: Schema | boolean;
  readonly unevaluatedProperties?: boolean;
}

const NAMED = ['properties', '$defs'] as const;
const LISTED = ['anyOf', 'allOf', 'prefixItems'] as const;
const SINGLE = ['items', 'additionalProperties'] as const;

/** A schema and all those in it, each with its place: `ls.json#/$defs/line`. */
export function* schemasIn(schema: Schema, at: string): Generator<[string, Schema]> {
  yield [at, schema];
  for (const [step, part] of partsOf(schema)) yield* schemasIn(part, `${at}/${step}`);
}

function* partsOf(schema: Schema): Generator<[string, Schema]> {
  for (const key of NAMED) {
    for (const [name, part] of Object.entries(schema[key] ?? {})) yield [`${key}/${name}`, part];
  }
  for (const key of LISTED)
    for (const [i, part] of (schema[key] ?? []).entries()) yield [`${key}/${i}`, part];
  for (const key of SINGLE) {
    const part = schema[key];
    if (typeof part === 'object') yield [key, part];
  }
}

/** The schemas of `docs/schemas`, and which of their properties were seen in documents. */
export class Schemas {
  readonly #ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false });
  /** All schemas, also those in others, by their place. */
  readonly all = new Map<string, Schema>();
  /** The places of properties that occurred. */
  readonly seen = new Set<string>();

  constructor() {
    for (const file of readdirSync(FOLDER)) {
      const schema: Schema = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
      this.#ajv.addSchema(schema, file);
      for (const [at, part] of schemasIn(schema, `${file}#`)) this.all.set(at, part);
    }
  }

  /** The places of all properties of a file. */
  propertiesOf(file: string): string[] {
    return [...this.all.keys()].filter((at) => at.startsWith(`${file}#`) && /\/properties\/[^/]+$/.test(at));
  }

  /** Holds a document against the schema at a place, and notes what is in it. */
  check(at: string, document: unknown): void {
    const validate = this.#ajv.getSchema(at);
    if (validate === undefined) throw new Error(`there is no schema ${at}`);
    if (validate(document) !== true) {
      const why = this.#ajv.errorsText(validate.errors, { separator: '\n', dataVar: '' });
      throw new Error(`not as ${at} says:\n${why}\n${JSON.stringify(document, null, 2)}`);
    }
    this.#note(at, document);
  }

  #note(at: string, value: unknown): void {
    const schema = this.all.get(at);
    if (schema === undefined) return;
    if (schema.$ref !== undefined) this.#note(placeOf(schema.$ref, at), value);
    for (const i of schema.allOf?.keys() ?? []) this.#note(`${at}/allOf/${i}`, value);
    for (const i of schema.anyOf?.keys() ?? []) {
      if (this.#ajv.getSchema(`${at}/anyOf/${i}`)?.(value) === true) this.#note(`${at}/anyOf/${i}`, value);
    }
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) {
        this.#note(i < (schema.prefixItems?.length ?? 0) ? `${at}/prefixItems/${i}` : `${at}/items`, item);
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, field] of Object.entries(value)) {
        const own = Object.hasOwn(schema.properties ?? {}, key);
        if (own) this.seen.add(`${at}/properties/${key}`);
        this.#note(own ? `${at}/properties/${key}` : `${at}/additionalProperties`, field);
      }
    }
  }
}

/** The place that a reference in the schema at `at` leads to. */
export function placeOf(ref: string, at: string): string {
  return ref.startsWith('#') ? at.slice(0, at.indexOf('#')) + ref : ref;
}

/** Runs commands and holds what they print against their schemas. */
export interface Documents {
  readonly scratch: Scratch;
  /** Runs dvs with --json, whatever its exit status, and gives the document that it printed. */
  // biome-ignore lint/suspicious/noExplicitAny: what a document holds is for the example to say
  json(...args: string[]): Promise<any>;
  /** The same with --jsonl, line by line: as `$defs/line` of the schema says, if it has that. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  jsonl(...args: string[]): Promise<any[]>;
}

/** What `json/<command>.ts` exports: runs the command in an empty folder, in all ways that print something of its own. */
export type Examples = (documents: Documents) => Promise<void>;

export function documentsIn(scratch: Scratch, schemas: Schemas): Documents {
  return {
    scratch,
    async json(...args) {
      const document = parse(args, await scratch.run([...args, '--json']));
      schemas.check(`${args[0]}.json#`, document);
      return document;
    },
    async jsonl(...args) {
      const ran = await scratch.run([...args, '--jsonl']);
      const line = `${args[0]}.json#/$defs/line`;
      return ran.stdout.split(/(?<=\n)/).map((stdout) => {
        const document = parse(args, { ...ran, stdout });
        schemas.check(schemas.all.has(line) ? line : `${args[0]}.json#`, document);
        return document;
      });
    },
  };
}

function parse(args: readonly string[], { status, stdout, stderr }: Ran): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`dvs ${args.join(' ')}: no JSON, exit ${status}\n${stdout}${stderr}`);
  }
}
