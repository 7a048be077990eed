import type { Core } from '@strapi/strapi';

const POLICY =
  'accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), ' +
  'magnetometer=(), microphone=(), midi=(), payment=(), usb=()';

/** Turns off what of a browser the admin panel never needs; Strapi's own headers leave it out. */
const middleware: Core.MiddlewareFactory = () => async (context, next) => {
  context.set('permissions-policy', POLICY);
  await next();
};

export default middleware;
