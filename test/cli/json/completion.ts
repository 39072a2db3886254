import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ json, jsonl }) => {
  await json('completion', 'bash');
  await jsonl('completion', 'zsh');
};
