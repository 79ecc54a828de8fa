import type { Operation } from '../../src/http/permissions.js';
import { dereference, description } from './openapi.js';

/** What the description of the API says of one operation. */
export interface DescribedOperation {
  readonly parameters: readonly { readonly name: string; readonly in: 'path' | 'query' | 'header' }[];
  /** Undefined where it takes none. */
  readonly body: { readonly example: unknown } | undefined;
  /** As text, in the order of the description. */
  readonly statuses: readonly string[];
}

interface Written {
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses: object;
}

/** Reads what is described of an operation. Throws where nothing is. */
export function describedOperation(operation: Operation): DescribedOperation {
  const [method = '', path = ''] = operation.replace(/:(\w+)/g, '{$1}').split(' ');
  const item = description.paths[path] as Readonly<Record<string, unknown>> | undefined;
  const written = item?.[method.toLowerCase()] as Written | undefined;
  if (item === undefined || written === undefined) throw new Error(`${operation}: not described`);
  const shared = (item.parameters ?? []) as readonly object[];
  return {
    parameters: [...shared, ...(written.parameters ?? [])].map(
      (one) => dereference(one) as DescribedOperation['parameters'][number],
    ),
    body: written.requestBody === undefined ? undefined : { example: exampleOf(written.requestBody) },
    statuses: Object.keys(written.responses),
  };
}

function exampleOf(body: object): unknown {
  const { content } = dereference(body) as { content: Record<string, { example?: unknown }> };
  return content['application/json']?.example;
}
