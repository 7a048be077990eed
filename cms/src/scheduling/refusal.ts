/** One fault in a field, as Strapi tells it. */
interface FieldFault {
  path?: readonly (string | number)[];
  message?: string;
}

/** Why something was refused, in words for staff: what Strapi says, with the fields that it names. */
export function refusalText(error: { message: string; details?: unknown }): string {
  const faults = (error.details as { errors?: FieldFault[] } | undefined)?.errors ?? [];
  const texts = faults
    .filter(({ message }) => message !== undefined && !error.message.includes(message))
    .map(({ path, message }) => [path?.join('.'), message].filter(Boolean).join(': '));
  return texts.length === 0 ? error.message : texts.join('; ');
}
