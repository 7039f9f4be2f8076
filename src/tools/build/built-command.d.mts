export function runBuilt(root: string, name: string, sources: readonly string[]): Promise<void>;
