#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { STATUS } from './exit.js';
import { main } from './program.js';

/** V8 lets garbage grow to several times what is in use before it collects; here to half as much again. */
setFlagsFromString('--heap-growing-percent=50');
/**
 * V8 optimizes a function once it has run so much (67,584 by default), on the cores that hash and compress. Of what
 * a command runs, most is over before that pays; what truly repeats still gets there.
 */
setFlagsFromString('--interrupt-budget=1000000');

// Not awaited: the bundle is CommonJS, which has no top-level await. What never settles must not look like success.
let isOver = false;
process.once('beforeExit', () => {
  if (!isOver) process.exitCode = STATUS.internal;
});
void main(process.argv.slice(2)).then((status) => {
  isOver = true;
  process.exitCode = status;
});
