import type { GeneratedFlag } from './generated-flag.js';

/** What an editor shows of the flag. It ends in a line end. */
export function flagComment(flag: GeneratedFlag): string {
  const lines = [...descriptionLines(flag), factsOf(flag)];
  if (flag.isDeprecated) lines.push('@deprecated The flag is going to be removed.');
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}

function descriptionLines({ description }: GeneratedFlag): readonly string[] {
  if (description === '') return [];
  return [
    ...description
      .trim()
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .map(inComment),
    '',
  ];
}

/** Nothing in people's words ends the comment, begins a tag of it, or hides from the eye. */
function inComment(line: string): string {
  return line
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replaceAll('*/', '*\\/')
    .replaceAll('@', '\\@');
}

function factsOf({ key, owner, expires }: GeneratedFlag): string {
  const facts = [
    `The flag \`${key}\``,
    ...(owner === undefined ? [] : [`owner: ${inComment(owner)}`]),
    ...(expires === undefined ? [] : [`expires: ${expires}`]),
  ];
  return `${facts.join('; ')}.`;
}
