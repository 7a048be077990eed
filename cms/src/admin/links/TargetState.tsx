import { Badge } from '@strapi/design-system';
import type { Target } from '../../links/answers.ts';

/** Whether patients can follow a link to an entry. */
export function TargetState({ target }: { target: Target | null }) {
  if (target === null)
    return (
      <Badge backgroundColor="danger100" textColor="danger700">
        Deleted
      </Badge>
    );
  return target.path === null ? (
    <Badge backgroundColor="secondary100" textColor="secondary700">
      Draft
    </Badge>
  ) : (
    <Badge backgroundColor="success100" textColor="success700">
      Published
    </Badge>
  );
}
