/**
 * The text of one JSON document, piece by piece: what is in a list, at the top or in an object there, has a line
 * of its own and is written as it comes, so that a list of millions is never held as text.
 */
export async function* jsonText(value: unknown): AsyncGenerator<string> {
  if (isIterable(value)) yield* listText(value, '');
  else if (isObject(value)) yield* objectText(value);
  else yield JSON.stringify(value);
  yield '\n';
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
    yield `${separator}${indent}  ${JSON.stringify(item)}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]' : `\n${indent}]`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return isObject(value) && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
