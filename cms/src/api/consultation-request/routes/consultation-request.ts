// The default routes of a content type would let tokens read requests; this is the only one that there is.
export default {
  type: 'content-api',
  routes: [
    {
      method: 'POST',
      path: '/consultation-requests/intake',
      handler: 'api::consultation-request.consultation-request.intake',
    },
  ],
};
