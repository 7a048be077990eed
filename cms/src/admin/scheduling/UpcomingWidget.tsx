import { Box, Flex, Link, Loader, Typography } from '@strapi/design-system';
import { Link as RouterLink } from 'react-router-dom';
import type { ActionAnswer, ScheduleAnswer } from '../../scheduling/answers.ts';
import { momentText } from '../publishing/times.ts';
import { usePolled } from '../publishing/usePolled.ts';

const never = (): boolean => false;

/** The home widget: what goes out or is taken away next, and what could not be done this week. */
export function UpcomingWidget() {
  const { answer, failed } = usePolled<ScheduleAnswer>('/meridian/schedule/upcoming', '', never);
  if (answer === null) {
    return failed ? (
      <Typography>You may not see this, or the CMS does not answer.</Typography>
    ) : (
      <Loader>Asking what is planned</Loader>
    );
  }
  if (answer.actions.length === 0) {
    return (
      <Typography textColor="neutral600">
        Nothing is planned. Open an entry and use its panel "Schedule" to publish it at a time.
      </Typography>
    );
  }
  return (
    <Flex tag="ul" direction="column" alignItems="stretch" gap={4}>
      {answer.actions.map((action) => (
        <Upcoming key={action.id} action={action} timeZone={answer.timeZone} />
      ))}
    </Flex>
  );
}

const PLANNED = { publish: 'is published', unpublish: 'is unpublished' };
const REFUSED = { publish: 'could not be published', unpublish: 'could not be unpublished' };

function Upcoming({ action, timeZone }: { action: ActionAnswer; timeZone: string }) {
  const { targetType, targetId, targetTitle, isSingle, state, reason, scheduledByName } = action;
  const path = isSingle
    ? `/content-manager/single-types/${targetType}`
    : `/content-manager/collection-types/${targetType}/${targetId}`;
  const isRefused = state === 'refused';
  return (
    <Box tag="li">
      <Typography tag="p" fontWeight="bold" textColor={isRefused ? 'danger700' : 'neutral800'}>
        {momentText(action.dueAt, timeZone, new Date())}
      </Typography>
      <Typography tag="p" textColor="neutral700">
        <Link tag={RouterLink} to={path}>
          {targetTitle}
        </Link>{' '}
        {(isRefused ? REFUSED : PLANNED)[action.action]}
      </Typography>
      <Typography tag="p" variant="pi" textColor="neutral600">
        {isRefused ? reason : `by ${scheduledByName}`}
      </Typography>
    </Box>
  );
}
