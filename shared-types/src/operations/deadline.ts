/**
 * What some work comes to, or 'late' when it has not come to anything after so many milliseconds. The work itself goes on.
 *
 * @throws what the work throws in time; what it throws later is nobody's
 */
export async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), milliseconds);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a look at something may take before it counts as failed, in milliseconds. */
export const lookDeadline = 2_000;
