export interface Section {
  /** Anchor of its heading. */
  id: string;
  heading: string;
  text: string;
}

export function rendered(
  source: string,
  site: {
    /** Where a link leads; undefined for what is not on the site. */
    link(target: string): string | undefined;
    /** The address that opens what a line of a block asks; undefined for others. */
    example(line: string): string | undefined;
  },
): { html: string; sections: Section[] };
