export default { routes: [{ method: 'GET', path: '/changes', handler: 'revision.changes' }] };
