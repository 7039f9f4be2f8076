import type { Build } from "../build/build-cache.mjs";

export function kernelDirectory(root: string): string;

export function buildKernel(root: string): Promise<Build>;
