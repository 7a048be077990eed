import { Box, Flex, Typography } from '@strapi/design-system';
import type { EventAnswer } from '../../review/answers.ts';
import { momentText } from '../publishing/times.ts';
import { eventText } from './words.ts';

/** What was approved, asked for and corrected, newest first. */
export function ReviewLog({ log, timeZone }: { log: readonly EventAnswer[]; timeZone: string }) {
  return (
    <Box>
      <Typography tag="h3" variant="sigma" textColor="neutral600">
        History
      </Typography>
      {log.length === 0 ? (
        <Box paddingTop={2}>
          <Typography tag="p" variant="pi" textColor="neutral600">
            Nobody has reviewed or corrected it here yet.
          </Typography>
        </Box>
      ) : (
        <Flex tag="ol" direction="column" alignItems="stretch" gap={4} paddingTop={2}>
          {log.map((event) => (
            <LogLine key={event.id} event={event} timeZone={timeZone} />
          ))}
        </Flex>
      )}
    </Box>
  );
}

function LogLine({ event, timeZone }: { event: EventAnswer; timeZone: string }) {
  return (
    <Box tag="li" style={{ overflowWrap: 'anywhere' }}>
      <Typography tag="p" variant="pi" textColor="neutral600">
        {`${momentText(event.at, timeZone, new Date())}, ${event.by}`}
      </Typography>
      <Typography tag="p" textColor="neutral800">
        {eventText(event)}
      </Typography>
      {event.note !== null && (
        <Typography tag="p" textColor="neutral700">
          {`“${event.note}”`}
        </Typography>
      )}
      {event.changes !== null && event.changes.length > 0 && (
        <Box tag="details" paddingTop={1}>
          <Typography tag="summary" variant="pi" textColor="primary700">
            What changed
          </Typography>
          {event.changes.map(({ label, before, after }) => (
            <Box key={label} paddingTop={2}>
              <Typography tag="p" variant="pi" fontWeight="bold" textColor="neutral800">
                {label}
              </Typography>
              <Typography tag="p" variant="pi" textColor="neutral700">
                {`Before: ${before ?? 'nothing'}`}
              </Typography>
              <Typography tag="p" variant="pi" textColor="neutral700">
                {`After: ${after ?? 'nothing'}`}
              </Typography>
            </Box>
          ))}
        </Box>
      )}
    </Box>
  );
}
