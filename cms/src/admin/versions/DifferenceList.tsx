import { Box, Flex, Typography } from '@strapi/design-system';
import { useMemo } from 'react';
import { styled } from 'styled-components';
import type { Against, DifferencesAnswer } from '../../versions/answers.ts';
import { wordChanges } from '../../versions/words.ts';

type Difference = DifferencesAnswer['differences'][number];

const NOTHING: Record<Against, string> = {
  before: 'It says the same as the version before it.',
  draft: 'The draft is the same as this version.',
};

const Text = styled.p`
  overflow-wrap: anywhere;
  white-space: pre-wrap;
  line-height: 1.5;
  color: ${({ theme }) => theme.colors.neutral800};
  font-size: 1.4rem;

  ins {
    background: ${({ theme }) => theme.colors.success100};
    color: ${({ theme }) => theme.colors.success700};
    text-decoration: underline;
  }
  del {
    background: ${({ theme }) => theme.colors.danger100};
    color: ${({ theme }) => theme.colors.danger700};
    text-decoration: line-through;
  }
`;

/** Every field that differs, with what was taken out struck through and what was put in underlined. */
export function DifferenceList({ answer, against }: { answer: DifferencesAnswer; against: Against }) {
  const { comparable, differences, more } = answer;
  if (!comparable || differences.length === 0) {
    return (
      <Typography textColor="neutral600">
        {comparable ? NOTHING[against] : 'This is the first version that is kept.'}
      </Typography>
    );
  }
  return (
    <Flex tag="ul" direction="column" alignItems="stretch" gap={5}>
      {differences.map((difference, index) => (
        <Box tag="li" key={index}>
          <Typography tag="h3" fontWeight="bold" textColor="neutral800">
            {difference.label}
          </Typography>
          <Words difference={difference} />
        </Box>
      ))}
      {more > 0 && (
        <Typography tag="li" textColor="neutral600">{`and ${String(more)} more differences`}</Typography>
      )}
    </Flex>
  );
}

function Words({ difference: { before, after } }: { difference: Difference }) {
  const stretches = useMemo(() => wordChanges(before ?? '', after ?? ''), [before, after]);
  return (
    <Text>
      {stretches.map(({ kind, text }, index) => {
        if (kind === 'added') return <ins key={index}>{text}</ins>;
        if (kind === 'removed') return <del key={index}>{text}</del>;
        return <span key={index}>{text}</span>;
      })}
    </Text>
  );
}
