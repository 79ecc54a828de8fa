import { LOG_FORMATS, type LogFormat } from '../http/logs/logs.js';
import { WrongUse } from './exit.js';
import { type ServeOptions, type Surroundings, variable } from './surroundings.js';

/** What the command line says of how the server is watched. */
export interface WatchWords {
  readonly logFormat?: LogFormat;
  readonly recording?: RecordingSwitch;
}

/** Whether those who ask are recorded where the file of their project wants that. */
export const RECORDING_SWITCH = ['on', 'off'] as const;
type RecordingSwitch = (typeof RECORDING_SWITCH)[number];

/** A shorter one can be guessed. */
const SHORTEST_TOKEN = 16;
const RAW = 'raw';

/** How the server is watched. Throws `WrongUse` for a variable that says nothing of use. */
export function watchOptions(
  { logFormat, recording }: WatchWords,
  around: Surroundings,
): Pick<ServeOptions, 'logFormat' | 'metricsToken' | 'tracesContextIds' | 'recordsContexts'> {
  return {
    logFormat: logFormat ?? variableFormat(around) ?? 'text',
    metricsToken: variableToken(around),
    tracesContextIds: variableTracing(around),
    recordsContexts: (recording ?? variableRecording(around) ?? 'on') === 'on',
  };
}

function variableFormat(around: Surroundings): LogFormat | undefined {
  const text = variable(around, 'FLAGSTAFF_LOG');
  const format = LOG_FORMATS.find((one) => one === text);
  if (text === undefined || format !== undefined) return format;
  throw new WrongUse(`FLAGSTAFF_LOG: ${JSON.stringify(text)} is not ${LOG_FORMATS.join(', ')}`);
}

function variableRecording(around: Surroundings): RecordingSwitch | undefined {
  const text = variable(around, 'FLAGSTAFF_RECORDING');
  const state = RECORDING_SWITCH.find((one) => one === text);
  if (text === undefined || state !== undefined) return state;
  throw new WrongUse(`FLAGSTAFF_RECORDING: ${JSON.stringify(text)} is not ${RECORDING_SWITCH.join(', ')}`);
}

/** The sentence leaves the token out: it may be nearly the right one. */
function variableToken(around: Surroundings): string | undefined {
  const token = variable(around, 'FLAGSTAFF_METRICS_TOKEN');
  if (token === undefined || (token.length >= SHORTEST_TOKEN && /^[\x21-\x7e]+$/.test(token))) return token;
  throw new WrongUse(
    `FLAGSTAFF_METRICS_TOKEN: wanted ${SHORTEST_TOKEN} characters of ASCII or more, without spaces`,
  );
}

function variableTracing(around: Surroundings): boolean {
  const text = variable(around, 'FLAGSTAFF_TRACE_CONTEXT_ID');
  if (text === undefined || text === RAW) return text === RAW;
  throw new WrongUse(`FLAGSTAFF_TRACE_CONTEXT_ID: ${JSON.stringify(text)} is not ${RAW}`);
}
