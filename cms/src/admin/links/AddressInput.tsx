import { readEntryLink } from '@meridian/shared-types/entry-links';
import { Box, Button, Field, Flex, Link, Typography } from '@strapi/design-system';
import { Link as LinkIcon } from '@strapi/icons';
import { useField } from '@strapi/strapi/admin';
import { useState, type ChangeEvent } from 'react';
import { Link as RouterLink } from 'react-router-dom';
import { TargetDialog } from './TargetDialog.tsx';
import { TargetState } from './TargetState.tsx';
import { useTarget } from './useTarget.ts';

interface Props {
  name: string;
  label: string;
  hint?: string;
  required?: boolean;
  disabled?: boolean;
  placeholder?: string;
}

/** The field of an address: shows the entry that it names, or takes a plain address; one string is stored either way. */
export function AddressInput({ name, label, hint, required, disabled, placeholder }: Props) {
  const { value, error, onChange } = useField<string | null>(name);
  const [open, setOpen] = useState(false);
  const address = value ?? '';
  const isEntry = readEntryLink(address) !== null;
  const set = (next: string): void => {
    onChange(name, next === '' && required !== true ? null : next);
  };
  return (
    <Field.Root name={name} id={name} error={error} hint={hint} required={required ?? false}>
      <Field.Label>{label}</Field.Label>
      {isEntry ? (
        <ChosenEntry link={address} />
      ) : (
        <Field.Input
          type="text"
          value={address}
          disabled={disabled ?? false}
          placeholder={placeholder}
          onChange={(event: ChangeEvent<HTMLInputElement>) => {
            set(event.target.value);
          }}
        />
      )}
      <Flex gap={2} wrap="wrap">
        <Button
          type="button"
          variant="tertiary"
          size="S"
          startIcon={<LinkIcon aria-hidden />}
          disabled={disabled ?? false}
          onClick={() => {
            setOpen(true);
          }}
        >
          {isEntry ? 'Choose another page' : 'Choose a page'}
        </Button>
        {isEntry && (
          <Button
            type="button"
            variant="tertiary"
            size="S"
            disabled={disabled ?? false}
            onClick={() => {
              set('');
            }}
          >
            Write an address instead
          </Button>
        )}
      </Flex>
      <Field.Hint />
      <Field.Error />
      <TargetDialog
        open={open}
        onClose={() => {
          setOpen(false);
        }}
        onChoose={({ link }) => {
          set(link);
          setOpen(false);
        }}
      />
    </Field.Root>
  );
}

function ChosenEntry({ link }: { link: string }) {
  const { data, failed } = useTarget(link);
  const target = data?.target ?? null;
  const anchor = readEntryLink(link)?.anchor ?? '';
  return (
    <Box
      background="neutral100"
      borderColor="neutral200"
      hasRadius
      paddingTop={2}
      paddingBottom={2}
      paddingLeft={3}
      paddingRight={3}
    >
      <Flex gap={3} justifyContent="space-between">
        <Box minWidth={0} style={{ overflowWrap: 'anywhere' }}>
          {target === null ? (
            <Typography textColor="neutral800">{unknown(data === null, failed)}</Typography>
          ) : (
            <Link tag={RouterLink} to={target.editPath}>
              {target.title}
            </Link>
          )}
          {target !== null && (
            <Typography tag="p" variant="pi" textColor="neutral600">
              {target.typeName}
              {anchor === '' ? '' : `, at #${anchor}`}
            </Typography>
          )}
        </Box>
        {data !== null && <TargetState target={target} />}
      </Flex>
    </Box>
  );
}

function unknown(isAsking: boolean, failed: boolean): string {
  if (failed) return 'The CMS does not answer, so the title is not known. The link is kept.';
  return isAsking
    ? 'Looking up the page'
    : 'This page was deleted, or you may not see it. Choose another one.';
}
