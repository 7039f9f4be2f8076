export function runBuilt(root: string, name: string): Promise<void>;
