/** An entry that a link may name, as staff see it in pickers. */
export interface Target {
  /** Names the entry in links: `entry:article/k3j9x0`. */
  link: string;
  /** Name of its type, as staff know it. */
  typeName: string;
  title: string;
  /** Its public page; null while it is not published. */
  path: string | null;
  /** Where it is edited, as a path within the admin. */
  editPath: string;
}

/** What a picker offers. */
export interface TargetsAnswer {
  targets: Target[];
  /** Whether more were found than are offered. */
  more: boolean;
}

/** An entry that a link names; null when it was deleted, or the person may not see it. */
export interface TargetAnswer {
  target: Target | null;
}

/** A published entry that leads to another one. `editPath` is null when the person may not see it. */
export interface LinkingEntry {
  typeName: string;
  title: string;
  editPath: string | null;
}

/** What leads to an entry, and what is to be known of its address. */
export interface LinksAnswer {
  linkedFrom: LinkingEntry[];
  /** Addresses that redirect to it. */
  oldAddresses: { from: string; editPath: string }[];
  /** Sentences on what its address will do, or why a redirect is of no use now. */
  notes: string[];
}
