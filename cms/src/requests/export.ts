import { stringify } from 'csv-stringify/sync';
import { personName, READABLE_FIELDS, type RequestRow } from './records.ts';

/**
 * All requests as CSV, with a header line. A cell that a spreadsheet would run as a formula begins with an apostrophe,
 * phone numbers (`'+1…`) among them.
 */
export function toCsv(requests: readonly RequestRow[]): string {
  const rows = requests.map((request) =>
    READABLE_FIELDS.map((field) => {
      const value = request[field];
      if (value === null || value === undefined) return '';
      if (typeof value === 'boolean') return value ? 'yes' : 'no';
      return typeof value === 'object' ? personName(value) : value;
    }),
  );
  return stringify([[...READABLE_FIELDS], ...rows], { escape_formulas: true, record_delimiter: '\r\n' });
}
