/** A field of a layout, as far as its label and what it holds are concerned. */
interface LaidOut {
  name: string;
  label: string;
  attribute: object;
}

/** How the content manager lays out a type and the components in it. */
export interface Layout {
  layout: readonly (readonly (readonly LaidOut[])[])[];
  components: Readonly<Record<string, { layout: readonly (readonly LaidOut[])[] }>>;
}

/** The label of a field at a path, as the form shows it; null for one that no layout knows. */
export function labelOf(
  path: string,
  values: Readonly<Record<string, unknown>>,
  { layout, components }: Layout,
): string | null {
  let fields: readonly LaidOut[] = layout.flat(2);
  let value: unknown = values;
  let label: string | null = null;
  for (const step of path.split('.')) {
    value = typeof value === 'object' && value !== null ? (Reflect.get(value, step) as unknown) : undefined;
    if (/^\d+$/.test(step)) {
      const uid = componentOf(value);
      if (uid !== null) fields = components[uid]?.layout.flat() ?? [];
      continue;
    }
    const field = fields.find(({ name }) => name === step);
    if (field === undefined) return null;
    label = field.label;
    const { component } = field.attribute as { component?: string };
    if (component !== undefined) fields = components[component]?.layout.flat() ?? [];
  }
  return label;
}

function componentOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('__component' in value)) return null;
  return typeof value.__component === 'string' ? value.__component : null;
}
