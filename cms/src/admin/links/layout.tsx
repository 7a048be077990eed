import { InsertLink } from './InsertLink.tsx';

/** The type under which `AddressInput` is registered. */
export const ADDRESS_INPUT = 'meridian-address';

/** A field of an edit view, as far as this looks at it. */
interface FieldLayout {
  type: string;
  attribute: { type: string; regex?: string };
  labelAction?: React.ReactNode;
}

/** What Strapi's edit view hands to its hook. */
export interface EditView {
  layout: {
    layout: FieldLayout[][][];
    components: Record<string, { layout: FieldLayout[][] }>;
  };
}

/**
 * Gives every rich-text field a button that links to a page, and every field whose pattern takes `entry:` addresses an
 * input with which staff choose one; on content types and in components alike.
 */
export function withLinkFields(view: EditView): EditView {
  const { layout } = view;
  const components = Object.entries(layout.components).map(([uid, component]) => [
    uid,
    { ...component, layout: component.layout.map((row) => row.map(withLinkField)) },
  ]);
  return {
    ...view,
    layout: {
      ...layout,
      layout: layout.layout.map((panel) => panel.map((row) => row.map(withLinkField))),
      components: Object.fromEntries(components) as typeof layout.components,
    },
  };
}

function withLinkField(field: FieldLayout): FieldLayout {
  if (field.type === 'richtext') return { ...field, labelAction: <InsertLink /> };
  return field.attribute.regex?.includes('entry:') === true ? { ...field, type: ADDRESS_INPUT } : field;
}
