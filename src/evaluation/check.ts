/** What one value in a clause must be, for the judge of files: each check is what the evaluator itself goes by. */
export { endOfDay, parseMoment } from './moment.js';
export { checkNetwork } from './network.js';
export { checkRegex } from './regex.js';
export { checkRange, checkVersion } from './version.js';
