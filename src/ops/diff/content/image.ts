import { extensionOf } from '../../../formats/extension.js';
import type { FileBytes } from '../../../formats/file-bytes.js';
import { Unreadable } from '../../../formats/unreadable.js';
import type { ContentKind } from './kind.js';

/** Pixels of an image, before any orientation that its metadata asks for. */
export interface ImageFacts {
  /** Such as `png`. */
  readonly type: string;
  readonly width: number;
  readonly height: number;
}

/** The dimensions of an image, which may be the same. */
export interface ImageDiff {
  readonly kind: 'image';
  readonly before: ImageFacts;
  readonly after: ImageFacts;
  readonly note?: string;
}

const EXTENSIONS = new Set(
  'png jpg jpeg gif webp bmp tif tiff heic heif avif jxl jp2 ico psd pgm ppm pbm dds tga'.split(' '),
);

/** Dimensions stand near the beginning; what a stranger made is not searched further, which bounds the time, too. */
const HEAD = 256 * 1024;

export const imageKind: ContentKind<ImageDiff> = {
  name: 'image',
  matches: (path) => EXTENSIONS.has(extensionOf(path)),
  async compare({ before, after }): Promise<ImageDiff> {
    return { kind: 'image', before: await factsOf(before), after: await factsOf(after) };
  },
};

async function factsOf(side: FileBytes): Promise<ImageFacts> {
  const head = new Uint8Array(await side.range(0, HEAD)); // alone in its memory, as image-size expects
  const { imageSize } = await import('image-size');
  try {
    const { width, height, type = 'image' } = imageSize(head);
    if (isDimension(width) && isDimension(height)) return { type, width, height };
  } catch {
    // the library throws whatever comes to it
  }
  throw new Unreadable('its beginning is not that of a whole image');
}

function isDimension(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
