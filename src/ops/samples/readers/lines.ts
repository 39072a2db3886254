import { badData } from '../../../formats/bad-data.js';
import { extensionOf } from '../../../formats/extension.js';
import { oneByOne, type SampleReader } from '../reader.js';
import { assertKeys } from './text/options.js';
import { LineEnds } from './text/row-ends.js';
import type { RowRules } from './text/scan.js';
import { onlyFile, type TextFormat, TextSource } from './text/source.js';

const EXTENSIONS = ['txt', 'text', 'lines'];

const RULES: RowRules = { ends: () => new LineEnds(), isBlank: () => false, hasHeader: false };

/** Each line is a sample, empty ones too. The last line needs no ending, and nothing follows one. */
export const lines: SampleReader = {
  name: 'lines',
  version: 1,
  claims: (path) => EXTENSIONS.includes(extensionOf(path)),
  group: oneByOne,
  settle: async () => ({}),
  async open(source, options) {
    assertKeys('lines', options, []);
    const file = onlyFile(source);
    return new TextSource(file, formatOf(file.path));
  },
};

function formatOf(path: string): TextFormat {
  return {
    rules: RULES,
    columns: [],
    fields([column]) {
      if (column !== undefined) {
        throw badData(path, `has no column ${JSON.stringify(column)}, since lines have none`, {
          hint: 'Leave the columns out, or choose another `--reader`, such as csv or jsonl.',
        });
      }
      return () => [];
    },
  };
}
