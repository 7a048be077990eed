import { Field, SingleSelect, SingleSelectOption, Typography } from '@strapi/design-system';
import type { PanelComponent } from '@strapi/content-manager/strapi-admin';
import { useFetchClient, useNotification, useRBAC } from '@strapi/strapi/admin';
import type { LinkAnswer } from '../../review/answers.ts';
import { messageOf } from '../publishing/message-of.ts';
import { useAnswer } from '../requests/useAnswer.ts';
import { PROVIDER } from './words.ts';

const NOBODY = 'nobody';
const UPDATE_USERS = [{ action: 'admin::users.update', subject: null }];

/** The panel beside a provider in which the owner says which user reviews in that name. */
export const ReviewerPanel: PanelComponent = ({ model, documentId, document }) => {
  const { allowedActions } = useRBAC(UPDATE_USERS);
  const id = documentId ?? document?.documentId;
  if (model !== PROVIDER || id === undefined || id === '' || allowedActions['canUpdate'] !== true)
    return null;
  return { title: 'Reviews as', content: <Reviewer documentId={id} /> };
};

function Reviewer({ documentId }: { documentId: string }) {
  const path = `/meridian/review/providers/${documentId}`;
  const { put } = useFetchClient();
  const { toggleNotification } = useNotification();
  const { data, failed, reload } = useAnswer<LinkAnswer>(path, '');
  if (data === null) {
    return (
      <Typography variant="pi" textColor="neutral600">
        {failed ? 'This could not be loaded. Reload the page.' : 'Loading …'}
      </Typography>
    );
  }
  const choose = async (value: string): Promise<void> => {
    try {
      await put(path, { userId: value === NOBODY ? null : Number(value) });
    } catch (error) {
      toggleNotification({ type: 'danger', message: messageOf(error) });
    }
    reload();
  };
  return (
    <Field.Root
      width="100%"
      hint="Who approves articles in this provider's name. Only people with the role Clinical reviewer can be chosen. Patients never see it."
    >
      <Field.Label>User</Field.Label>
      <SingleSelect
        value={data.userId === null ? NOBODY : String(data.userId)}
        onChange={(value: string | number) => void choose(String(value))}
      >
        <SingleSelectOption value={NOBODY}>Nobody</SingleSelectOption>
        {data.people.map(({ id, name }) => (
          <SingleSelectOption key={id} value={String(id)}>
            {name}
          </SingleSelectOption>
        ))}
      </SingleSelect>
      <Field.Hint />
    </Field.Root>
  );
}
