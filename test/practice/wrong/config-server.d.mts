export interface Settings {
  readonly port?: number;
  readonly store: string;
  readonly token?: string;
  readonly mask?: boolean;
}

/** @param flaw its name, or `none` */
export function start(
  flaw: string,
  settings: Settings,
): Promise<{ readonly port: number; stop(): void }>;
