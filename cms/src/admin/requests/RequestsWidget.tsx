import { Box, Flex, Grid, Typography } from '@strapi/design-system';
import { Widget } from '@strapi/strapi/admin';
import { Link } from 'react-router-dom';
import { styled } from 'styled-components';
import type { Brief, Summary } from '../../requests/overview.ts';
import { listAddress, overdue, requestAddress, stageIs } from './addresses.ts';
import { OnTheWay, Warning } from './OnTheWay.tsx';
import { OverdueBadge } from './StageBadge.tsx';
import { useAnswer } from './useAnswer.ts';
import { isOverdue, moment } from './words.ts';

const MINUTE = 60_000;

const PlainLink = styled(Link)`
  color: inherit;
  display: block;
  text-decoration: none;
  &:hover,
  &:focus-visible {
    text-decoration: underline;
  }
`;

/** The inbox at a glance: how many requests wait, how many are late, and the newest of them. */
export function RequestsWidget() {
  const { data, failed } = useAnswer<Summary>('/requests', '', MINUTE);
  if (failed && data === null) return <Widget.Error />;
  if (data === null) return <Widget.Loading />;
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Grid.Root gap={2}>
        <Count label="New" count={data.new} to={listAddress(stageIs('new'))} />
        <Count
          label="Overdue"
          count={data.overdue}
          urgent={data.overdue > 0}
          to={listAddress(...overdue(new Date()))}
        />
        <Count label="Spam" count={data.spam} to={listAddress(stageIs('spam'))} />
      </Grid.Root>
      <OnTheWay state={data.onTheWay} />
      {data.mail.failing > 0 && (
        <Warning>
          {`${String(data.mail.failing)} e-mail${data.mail.failing === 1 ? '' : 's'} to the front desk could not be sent yet ` +
            `(${data.mail.failure ?? 'unknown reason'}). The requests are safe here, and sending is tried again.`}
        </Warning>
      )}
      {data.newest.length === 0 ? (
        <Typography textColor="neutral600">No new requests. Well done.</Typography>
      ) : (
        <Flex tag="ul" direction="column" alignItems="stretch" gap={3}>
          {data.newest.map((request) => (
            <NewRequest key={request.documentId} request={request} />
          ))}
        </Flex>
      )}
    </Flex>
  );
}

function Count({
  label,
  count,
  to,
  urgent = false,
}: {
  label: string;
  count: number;
  to: string;
  urgent?: boolean;
}) {
  return (
    <Grid.Item col={4} xs={4} direction="column" alignItems="stretch">
      <PlainLink to={to}>
        <Box background={urgent ? 'danger100' : 'neutral100'} padding={3} hasRadius>
          <Typography tag="p" variant="beta" textColor={urgent ? 'danger700' : 'neutral800'}>
            {count}
          </Typography>
          <Typography tag="p" variant="pi" textColor={urgent ? 'danger700' : 'neutral600'}>
            {label}
          </Typography>
        </Box>
      </PlainLink>
    </Grid.Item>
  );
}

function NewRequest({ request }: { request: Brief }) {
  return (
    <Box tag="li">
      <PlainLink to={requestAddress(request.documentId)}>
        <Flex justifyContent="space-between" gap={3} wrap="wrap">
          <Typography fontWeight="semiBold" textColor="neutral800" style={{ overflowWrap: 'anywhere' }}>
            {`${request.reference} · ${request.name}`}
          </Typography>
          {isOverdue(request, new Date()) && <OverdueBadge />}
        </Flex>
        <Typography variant="pi" textColor="neutral600">
          {`Received ${moment(request.receivedAt)}`}
        </Typography>
      </PlainLink>
    </Box>
  );
}
