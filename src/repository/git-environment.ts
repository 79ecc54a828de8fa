/** All but what is for Flagstaff alone: its settings have secrets in them, and git starts programs of others. */
export function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return keep(env, (name) => !/^FLAGSTAFF_/i.test(name));
}

/**
 * What every git program gets that this process starts for itself: of all settings only the repository's own count, and
 * nobody is asked anything. Of git's own variables only those of these names are passed on.
 */
export function plumbingEnvironment(passedOn: ReadonlySet<string> = new Set()): NodeJS.ProcessEnv {
  const others = keep(
    withoutOurs(process.env),
    (name) => passedOn.has(name) || !/^(?:GIT_|SSH_ASKPASS)/i.test(name),
  );
  return {
    ...others,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
  };
}

function keep(env: NodeJS.ProcessEnv, isKept: (name: string) => boolean): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => isKept(name)));
}
