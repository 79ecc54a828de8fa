import type { ProjectSnapshot } from '../model/snapshot.js';
import type { Bucketer, CompiledProject } from './compiled.js';

/** How to compile. */
export interface CompileOptions {
  /** What was compiled before; what did not change is taken from there. */
  readonly previous?: CompiledProject;
  /** Places values in splits and gates; flagd's where it is left out. */
  readonly bucketer?: Bucketer;
}

/** Makes the project's flags and segments into closures. It yields now and then, so that the caller can slice the work. */
export function* compileProject(
  _project: ProjectSnapshot,
  _options: CompileOptions = {},
): Generator<void, CompiledProject> {
  yield;
  throw new Error('not yet');
}

/** The same, at once. */
export function compileNow(project: ProjectSnapshot, options: CompileOptions = {}): CompiledProject {
  const work = compileProject(project, options);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
