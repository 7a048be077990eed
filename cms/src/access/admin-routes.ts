/** Rights of the content manager, asked for with a content type. */
export const READ = 'plugin::content-manager.explorer.read';
export const UPDATE = 'plugin::content-manager.explorer.update';
export const PUBLISH = 'plugin::content-manager.explorer.publish';

/**
 * A route of the admin's own, for those only who are logged in there.
 *
 * @param permission what they must be allowed to besides: an action, with the content type that it is about if it is
 *   about one
 */
export function adminRoute(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  handle: (context: never) => Promise<void>,
  permission?: readonly [action: string, contentType?: string],
) {
  const allowed =
    permission === undefined
      ? []
      : [{ name: 'admin::hasPermissions', config: { actions: [[...permission]] } }];
  return {
    method,
    path,
    handler: (context: unknown) => handle(context as never),
    config: { policies: ['admin::isAuthenticatedAdmin', ...allowed] },
    info: { type: 'admin' as const },
  };
}
