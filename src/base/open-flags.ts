import { constants } from 'node:fs';

/** To open a file for reading without waiting: opening a pipe would else wait for a writer. */
export const READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** The same, refusing (ELOOP) a link. */
export const READ_NO_LINK = READ | constants.O_NOFOLLOW;
