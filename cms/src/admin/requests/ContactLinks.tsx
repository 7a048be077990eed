import { Flex, LinkButton } from '@strapi/design-system';
import { Mail, Phone } from '@strapi/icons';
import { useForm } from '@strapi/strapi/admin';
import { REQUEST } from './addresses.ts';

interface Saved {
  phone?: string | null;
  email?: string | null;
}

/** Below Save, which on a phone stays at the foot of the screen: the patient is one tap away. */
export function ContactLinks({ slug }: { slug?: string }) {
  const { phone, email } = useForm<Saved>('ContactLinks', ({ initialValues }) => initialValues);
  if (slug !== REQUEST) return null;
  return (
    <Flex gap={2} width="100%" wrap="wrap">
      {isThere(phone) && (
        <LinkButton
          href={`tel:${phone}`}
          aria-label={`Call ${phone}`}
          startIcon={<Phone />}
          variant="secondary"
          flex="1"
        >
          Call
        </LinkButton>
      )}
      {isThere(email) && (
        <LinkButton
          href={`mailto:${encodeURIComponent(email).replace('%40', '@')}`}
          aria-label={`Write an e-mail to ${email}`}
          startIcon={<Mail />}
          variant="secondary"
          flex="1"
        >
          E-mail
        </LinkButton>
      )}
    </Flex>
  );
}

function isThere(text: string | null | undefined): text is string {
  return typeof text === 'string' && text !== '';
}
