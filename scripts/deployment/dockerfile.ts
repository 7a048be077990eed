import { posix } from 'node:path';

/** A step of a Dockerfile: `RUN`, and what stands after it. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** What stands from one FROM to the next. */
export interface Stage {
  /** An image, or the stage that it goes on from. */
  readonly from: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** Reads a Dockerfile without line continuations. @throws Error naming a line that is no instruction */
export function parseDockerfile(text: string): Stage[] {
  const stages: { from: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) throw new Error(`This is no instruction: ${line}`);
    if (name === 'FROM') {
      const [, from = '', , stage] = /^(\S+)( AS (\S+))?$/.exec(rest) ?? [];
      stages.push({ from, name: stage, instructions: [] });
      continue;
    }
    const current = stages.at(-1);
    if (current === undefined) throw new Error(`This stands before the first FROM: ${line}`);
    current.instructions.push({ name, text: rest });
  }
  return stages;
}

/** All instructions of a stage, those of the stages that it goes on from first. */
export function instructionsOf(stages: readonly Stage[], name: string): Instruction[] {
  const stage = stages.find((each) => each.name === name);
  if (stage === undefined) return [];
  return [...instructionsOf(stages, stage.from), ...stage.instructions];
}

/** What a `COPY` of the context takes, by its path there, and where it lands. Names in .dockerignore must be gone already. */
export function copies(text: string, context: readonly string[]): { from: string; to: string }[] {
  const parts = text.split(/\s+/);
  const target = parts.at(-1) ?? '';
  return parts.slice(0, -1).flatMap((source) => {
    const inside = context.filter((file) => source === '.' || file.startsWith(`${source}/`));
    if (inside.length > 0)
      return inside.map((from) => ({
        from,
        to: posix.join(target, source === '.' ? from : posix.relative(source, from)),
      }));
    return context.includes(source)
      ? [{ from: source, to: posix.join(target, target.endsWith('/') ? posix.basename(source) : '') }].map(
          ({ from, to }) => ({ from, to: to === '.' || to === './' ? from : to }),
        )
      : [];
  });
}

/** Files that .dockerignore leaves in the context. It knows `*`, `**` and whole folders; a `!` is not used here. */
export function contextOf(files: readonly string[], dockerignore: string): string[] {
  const patterns = dockerignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const isLeftOut = (path: string) => patterns.some((pattern) => posix.matchesGlob(path, pattern));
  return files.filter((file) => {
    const parts = file.split('/');
    return !parts.some((_, index) => isLeftOut(parts.slice(0, index + 1).join('/')));
  });
}

/** The list of words of an instruction in JSON form, such as `CMD ["node", "x.ts"]`. */
export function words(text: string): string[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value) || !value.every((word) => typeof word === 'string'))
    throw new Error(`This is no list of words: ${text}`);
  return value;
}

/** The variables that `ENV` instructions set. */
export function environmentOf(instructions: readonly Instruction[]): Record<string, string> {
  return Object.fromEntries(
    instructions
      .filter(({ name }) => name === 'ENV')
      .map(({ text }) => {
        const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(text) ?? [];
        return [name, value.replace(/^"(.*)"$/, '$1')];
      }),
  );
}
