import { Box, Field, Flex, Loader, Modal, Typography } from '@strapi/design-system';
import { useEffect, useState, type ChangeEvent } from 'react';
import { styled } from 'styled-components';
import type { Target, TargetsAnswer } from '../../links/answers.ts';
import { useAnswer } from '../requests/useAnswer.ts';
import { TargetState } from './TargetState.tsx';

/** Milliseconds after the last letter, so that not every letter asks. */
const PAUSE = 250;

interface Props {
  open: boolean;
  onClose: () => void;
  onChoose: (target: Target) => void;
}

/** The dialog in which staff look for the page that a link leads to. */
export function TargetDialog({ open, onClose, onChoose }: Props) {
  return (
    <Modal.Root
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal.Content>
        <Modal.Header>
          <Modal.Title>Link to a page of this site</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          <Search onChoose={onChoose} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Search({ onChoose }: Pick<Props, 'onChoose'>) {
  const [words, setWords] = useState('');
  const asked = useSettled(words);
  const { data, failed } = useAnswer<TargetsAnswer>(
    `/meridian/links/targets?search=${encodeURIComponent(asked)}`,
    asked,
  );
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Field.Root name="page-search" hint="The link stays right when the page is renamed.">
        <Field.Label>Search by title or address</Field.Label>
        <Field.Input
          autoFocus
          autoComplete="off"
          value={words}
          onChange={(event: ChangeEvent<HTMLInputElement>) => {
            setWords(event.target.value);
          }}
          onKeyDown={(event) => {
            // The dialog may stand within the form of the entry, which Enter would send.
            if (event.key === 'Enter') event.preventDefault();
          }}
        />
        <Field.Hint />
      </Field.Root>
      <Typography role="status" variant="pi" textColor="neutral600">
        {failed ? 'The CMS does not answer. Close this and try again.' : summary(data)}
      </Typography>
      {data === null && !failed && <Loader small>Looking for pages</Loader>}
      {data !== null && data.targets.length > 0 && (
        <Flex tag="ul" direction="column" alignItems="stretch" aria-label="Pages">
          {data.targets.map((target) => (
            <li key={target.link}>
              <Choice
                type="button"
                onClick={() => {
                  onChoose(target);
                }}
              >
                <Box flex="1" minWidth={0}>
                  <Typography tag="span" display="block" fontWeight="bold" textColor="neutral800">
                    {target.title}
                  </Typography>
                  <Typography tag="span" display="block" variant="pi" textColor="neutral600">
                    {target.typeName}
                    {target.path === null ? ': publish it before you publish the link' : ` · ${target.path}`}
                  </Typography>
                </Box>
                <TargetState target={target} />
              </Choice>
            </li>
          ))}
        </Flex>
      )}
    </Flex>
  );
}

function summary(answer: TargetsAnswer | null): string {
  if (answer === null) return '';
  const { targets, more } = answer;
  if (targets.length === 0) return 'No page has these words in its title or address. Try fewer letters.';
  const count = targets.length === 1 ? '1 page' : `${String(targets.length)} pages`;
  return more ? `The ${count} that were changed last. Type more to find others.` : count;
}

/** A value once it has stayed the same for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value);
    }, PAUSE);
    return () => {
      clearTimeout(timer);
    };
  }, [value]);
  return settled;
}

const Choice = styled.button`
  align-items: center;
  background: none;
  border: 0;
  border-top: 1px solid ${({ theme }) => theme.colors.neutral150};
  cursor: pointer;
  display: flex;
  gap: ${({ theme }) => theme.spaces[3]};
  overflow-wrap: anywhere;
  padding: ${({ theme }) => theme.spaces[3]} ${({ theme }) => theme.spaces[2]};
  text-align: start;
  width: 100%;

  &:hover {
    background: ${({ theme }) => theme.colors.primary100};
  }

  &:focus-visible {
    outline: 2px solid ${({ theme }) => theme.colors.primary600};
    outline-offset: -2px;
  }
`;
