/** Errors of a form with one message at a path: Strapi opens whatever holds a field that has one. */
export function errorsAt(path: string, message: string): object {
  return path
    .split('.')
    .reverse()
    .reduce<unknown>((inner, step) => {
      if (!/^\d+$/.test(step)) return { [step]: inner };
      const list: unknown[] = [];
      list[Number(step)] = inner;
      return list;
    }, message) as object;
}
