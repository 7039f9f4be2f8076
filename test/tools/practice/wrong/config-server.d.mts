export interface Settings {
  /** By default 127.0.0.1. */
  readonly host?: string;
  readonly port?: number;
  readonly store: string;
  readonly token?: string;
  readonly mask?: boolean;
}

/** @param flaw its name, or `none` */
export function start(
  flaw: string,
  settings: Settings,
): Promise<{ readonly host: string; readonly port: number; stop(): void }>;
