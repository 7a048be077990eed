/** The content type of addresses that moved. */
export const REDIRECT = 'api::redirect.redirect';
