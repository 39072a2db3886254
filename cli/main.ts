#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { main } from './program.js';

/** V8 lets garbage grow to several times what is in use before it collects; here to half as much again. */
setFlagsFromString('--heap-growing-percent=50');

process.exitCode = await main(process.argv.slice(2));
