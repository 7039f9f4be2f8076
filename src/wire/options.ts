/** Options for drawing a recording. */

export interface DrawOptions {
  /** What the diagram shows, for its heading and for screen readers. */
  readonly title?: string;
  /** Adds when each thing happened, in milliseconds: true ones, so no two runs draw alike. */
  readonly times?: boolean;
  /** Adds the ports that the system chose: they differ from run to run. */
  readonly ports?: boolean;
  /** false leaves out the calls (`accept() waits`) and shows only what travelled. */
  readonly calls?: boolean;
  /** false leaves out where bytes arrived joined or cut otherwise than they were sent. */
  readonly pieces?: boolean;
  /** Lines of the bytes to show on each arrow, broken after each line feed; 1 by default. */
  readonly lines?: number;
  /** Rows at most, DRAWN_ROWS_MAX by default; the middle of a longer diagram is left out. */
  readonly rows?: number;
}

export interface TextOptions extends DrawOptions {
  /** Columns, TEXT_COLUMNS by default; fewer than TEXT_COLUMNS_MIN give a list of sentences. */
  readonly width?: number;
  /** Only ASCII characters. What the sockets carried is escaped where it is not. */
  readonly ascii?: boolean;
  /** One sentence for each event instead of lifelines: how it is read aloud. */
  readonly list?: boolean;
}

export interface SvgOptions extends DrawOptions {
  /** Begins the ids in the SVG; by default they derive from what is drawn. */
  readonly id?: string;
}
