import { Box, Flex, Grid, Link, Typography } from '@strapi/design-system';
import { Widget } from '@strapi/strapi/admin';
import { Link as RouterLink } from 'react-router-dom';
import type { DueAnswer } from '../../review/answers.ts';
import { useAnswer } from '../requests/useAnswer.ts';
import { ARTICLE, articleList, dayText } from './words.ts';

const HOUR = 3_600_000;

/** The home widget: which articles are due for review within 60 days, overdue ones first. */
export function DueWidget() {
  const { data, failed } = useAnswer<DueAnswer>('/meridian/review/due', '', HOUR);
  if (failed && data === null) return <Widget.Error />;
  if (data === null) return <Widget.Loading />;
  const { today, until, overdue, soon, changed, articles } = data;
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Grid.Root gap={2}>
        <Count
          label="Overdue"
          count={overdue}
          urgent={overdue > 0}
          to={articleList(`[nextReviewDue][$lt]=${today}`)}
        />
        <Count
          label="Due in 60 days"
          count={soon}
          to={articleList(`[nextReviewDue][$gte]=${today}`, `[nextReviewDue][$lte]=${until}`)}
        />
        <Count
          label="Changed since review"
          count={changed}
          to={articleList('[reviewStanding][$eq]=Changed%20since%20review')}
        />
      </Grid.Root>
      {articles.length === 0 ? (
        <Typography textColor="neutral600">No review is due in the next 60 days.</Typography>
      ) : (
        <Flex tag="ul" direction="column" alignItems="stretch" gap={3}>
          {articles.map(({ documentId, title, nextReviewDue, isOverdue }) => (
            <Box tag="li" key={documentId}>
              <Link tag={RouterLink} to={`/content-manager/collection-types/${ARTICLE}/${documentId}`}>
                {title}
              </Link>
              <Typography tag="p" variant="pi" textColor={isOverdue ? 'danger700' : 'neutral600'}>
                {`${isOverdue ? 'Overdue since' : 'Due on'} ${dayText(nextReviewDue)}`}
              </Typography>
            </Box>
          ))}
        </Flex>
      )}
    </Flex>
  );
}

interface CountProps {
  label: string;
  count: number;
  to: string;
  urgent?: boolean;
}

function Count({ label, count, to, urgent = false }: CountProps) {
  return (
    <Grid.Item col={4} xs={12} direction="column" alignItems="stretch">
      <Box background={urgent ? 'danger100' : 'neutral100'} padding={3} hasRadius height="100%">
        <Typography tag="p" variant="beta" textColor={urgent ? 'danger700' : 'neutral800'}>
          {count}
        </Typography>
        <Link tag={RouterLink} to={to}>
          {label}
        </Link>
      </Box>
    </Grid.Item>
  );
}
