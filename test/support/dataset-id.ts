import { compareUtf8, utf8 } from '#src/base/bytes.js';
import { datasetSchema } from '#src/entities/dataset.js';
import { contentId } from '#src/id/cid.js';
import { buildTree } from '#src/tree/build.js';

/** The ID of the dataset that has just these files, by path and text. */
export async function datasetId(files: Readonly<Record<string, string>>): Promise<string> {
  const entries = Object.entries(files)
    .sort(([a], [b]) => compareUtf8(a, b))
    .map(([key, text]) => {
      const bytes = utf8(text);
      return { key, value: { type: 'file' as const, id: contentId(bytes), size: bytes.length } };
    });
  return (await buildTree(datasetSchema, entries, () => {})).id.toString();
}
