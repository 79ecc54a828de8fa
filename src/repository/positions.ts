import type { SourceFile } from '../files/loaded.js';
import type { Finding } from '../files/parsed.js';
import type { Problem } from '../model/problem.js';
import type { FileReader, Position } from './file-reader.js';
import type { LocateRequest } from './reading-task.js';

/** Where findings are, by blob and place. Finding a line reads and parses the file again, so each is looked for once. */
export type FindingPositions = ReadonlyMap<string, Position>;

/** Where a finding is whose line is not known: its file is not there, or could not be read. */
const START: Position = { line: 1, column: 1 };

/** The findings as problems; one whose line is not known yet is at the start of its file. */
export function positionedProblems(
  findings: readonly Finding[],
  files: readonly SourceFile[],
  positions: FindingPositions,
): readonly Problem[] {
  if (findings.length === 0) return [];
  const blobs = blobsByPath(files);
  return findings.map(({ at, ...finding }) => {
    const { line, column } = positions.get(positionKey(blobs.get(finding.path), at)) ?? START;
    return { ...finding, line, column };
  });
}

/** The positions of exactly these findings: those known stay, the others are looked for. */
export async function locateFindings(
  reader: FileReader,
  findings: readonly Finding[],
  files: readonly SourceFile[],
  known: FindingPositions,
): Promise<FindingPositions> {
  const blobs = blobsByPath(files);
  const positions = new Map<string, Position>();
  const requests = new Map<string, LocateRequest & { readonly places: Finding['at'][] }>();
  for (const { path, at } of findings) {
    const blob = blobs.get(path);
    if (blob === undefined) continue;
    const key = positionKey(blob, at);
    const position = known.get(key);
    const request = requests.get(path);
    if (position !== undefined) positions.set(key, position);
    else if (request === undefined) requests.set(path, { path, blob, places: [at] });
    else request.places.push(at);
  }
  await locateRequests(reader, [...requests.values()], positions);
  return positions;
}

async function locateRequests(
  reader: FileReader,
  requests: readonly LocateRequest[],
  positions: Map<string, Position>,
): Promise<void> {
  const results = await reader.locate(requests);
  requests.forEach(({ blob, places }, index) => {
    places.forEach((at, place) => {
      const position = results[index]?.[place];
      if (position !== undefined) positions.set(positionKey(blob, at), position);
    });
  });
}

function positionKey(blob: string | undefined, at: Finding['at']): string {
  return `${blob} ${JSON.stringify(at)}`;
}

function blobsByPath(files: readonly SourceFile[]): ReadonlyMap<string, string> {
  return new Map(files.map((file) => [file.path, file.blob]));
}
