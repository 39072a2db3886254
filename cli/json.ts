/**
 * The text of one JSON document, piece by piece: what is in a list, at the top or in an object there, has a line
 * of its own, and every list is written as it comes, so that one of millions is never held as text.
 */
export async function* jsonText(value: unknown): AsyncGenerator<string> {
  if (isIterable(value)) yield* listText(value, '');
  else if (isObject(value)) yield* objectText(value);
  else yield JSON.stringify(value);
  yield '\n';
}

/** The items of a list, or the one value, as JSON documents of one line each. */
export async function* jsonLines(value: unknown): AsyncGenerator<string> {
  for await (const item of isIterable(value) ? value : [value]) {
    if (hasLists(item)) yield* lineText(item);
    else yield JSON.stringify(item);
    yield '\n';
  }
}

async function* objectText(value: object): AsyncGenerator<string> {
  let separator = '{\n';
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    yield `${separator}  ${JSON.stringify(key)}: `;
    if (isIterable(field)) yield* listText(field, '  ');
    else yield JSON.stringify(field);
    separator = ',\n';
  }
  yield separator === '{\n' ? '{}' : '\n}';
}

async function* listText(list: Iterable<unknown> | AsyncIterable<unknown>, indent: string) {
  let separator = '[\n';
  for await (const item of list) {
    yield `${separator}${indent}  `;
    if (hasLists(item)) yield* lineText(item);
    else yield JSON.stringify(item);
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]' : `\n${indent}]`;
}

/** An object on one line, its lists as they come. */
function* lineText(value: object): Generator<string> {
  let separator = '{';
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    yield `${separator}${JSON.stringify(key)}:`;
    if (isList(field)) yield* lineOf(field);
    else yield JSON.stringify(field);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function* lineOf(list: Iterable<unknown>): Generator<string> {
  let separator = '[';
  for (const item of list) {
    yield separator + JSON.stringify(item);
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

function hasLists(item: unknown): item is object {
  return isObject(item) && !isIterable(item) && Object.values(item).some(isList);
}

function isList(value: unknown): value is Iterable<unknown> {
  return isObject(value) && Symbol.iterator in value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return isObject(value) && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
