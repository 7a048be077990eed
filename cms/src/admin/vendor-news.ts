/**
 * Keeps Strapi's news of itself away from the clinic's staff: their banner stands above every page until each person has
 * dismissed it in each browser, and leads out of the admin. Strapi has no setting for it (5.54, `MediaLibraryBanner`); the
 * name ends with the flag `useLegacyMediaLibrary` and the installation's uuid, both of which are off.
 */
export function hideVendorNews(): void {
  window.localStorage.setItem('STRAPI_MEDIA_LIBRARY_BANNER_DISMISSED_FOR_false:false', 'true');
}
