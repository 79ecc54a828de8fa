/** A group of cases, as reports of JUnit show them. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly SuiteCase[];
}

/** One case. */
export interface SuiteCase {
  readonly name: string;
  /** The file, from the top of the flags repository, and the line in it. */
  readonly file: string;
  readonly line: number;
  /** What is wrong; undefined where it passed. */
  readonly failure?: SuiteFailure;
  /** What was noted of a case that passed. */
  readonly note?: string;
}

/** Why a case failed. */
interface SuiteFailure {
  readonly type: string;
  /** In one line. */
  readonly message: string;
  /** All of it. */
  readonly text: string;
}

/** A report in the XML that JUnit's readers take (GitLab, Jenkins and others): suites, cases, failures. */
export function junitXml(suites: readonly Suite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="flagstaff"${counts(cases)}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
  ].join('\n');
}

function suiteLines({ name, cases }: Suite): string[] {
  const lines = cases.flatMap((one) => caseLines(name, one));
  return [`  <testsuite name="${attribute(name)}"${counts(cases)}>`, ...lines, '  </testsuite>'];
}

function counts(cases: readonly SuiteCase[]): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  return ` tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`;
}

function caseLines(suite: string, { name, file, line, failure, note }: SuiteCase): string[] {
  const place = `file="${attribute(file)}" line="${line}"`;
  const start = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}" ${place}`;
  const inner = [
    ...(failure === undefined ? [] : [failureLine(failure)]),
    ...(note === undefined ? [] : [`      <system-out>${text(note)}</system-out>`]),
  ];
  return inner.length === 0 ? [`${start}/>`] : [`${start}>`, ...inner, '    </testcase>'];
}

function failureLine(failure: SuiteFailure): string {
  const head = `type="${attribute(failure.type)}" message="${attribute(failure.message)}"`;
  return `      <failure ${head}>${text(failure.text)}</failure>`;
}

/** Characters that XML 1.0 does not have: other control characters, half surrogate pairs, two that are none. */
const NO_XML =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function text(words: string): string {
  return words
    .replace(NO_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** A line break in an attribute would be read as a blank. */
function attribute(words: string): string {
  return text(words).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
}
