import { Button, Dialog } from '@strapi/design-system';
import { WarningCircle } from '@strapi/icons';
import { getFetchClient, useNotification } from '@strapi/strapi/admin';
import { useState } from 'react';
import { messageOf } from './message-of.ts';

interface Props {
  label: string;
  /** What screen readers say, where the label alone says too little. */
  accessibleLabel?: string;
  /** What happens when the person goes on. */
  consequence: string;
  /** The admin route that does it, and what it is told. */
  path: string;
  body: object;
  onDone: () => void;
}

/** A button that says what will happen, asks once more, does it, and shows the reason when it was refused. */
export function ConfirmedButton({ label, accessibleLabel, consequence, path, body, onDone }: Props) {
  const { toggleNotification } = useNotification();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);

  const act = async (): Promise<void> => {
    setBusy(true);
    try {
      await getFetchClient().post(path, body);
      setOpen(false);
      onDone();
    } catch (error) {
      toggleNotification({ type: 'danger', message: messageOf(error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger>
        <Button variant="secondary" size="S" aria-label={accessibleLabel}>
          {label}
        </Button>
      </Dialog.Trigger>
      <Dialog.Content>
        <Dialog.Header>{label}?</Dialog.Header>
        <Dialog.Body icon={<WarningCircle fill="warning600" />}>{consequence}</Dialog.Body>
        <Dialog.Footer>
          <Dialog.Cancel>
            <Button fullWidth variant="tertiary">
              Cancel
            </Button>
          </Dialog.Cancel>
          <Button fullWidth loading={busy} onClick={() => void act()}>
            {label}
          </Button>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
}
