/** Which kernel of our name a front end finds, as it would look. */
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";

export const KERNEL_NAME = "socket-lab";
/** The folder of the repository that front ends know as JUPYTER_PATH. */
export const JUPYTER_FOLDER = ".jupyter";

/** Our kernelspec's folder. */
export function ownKernelspec(root: string): string {
  return path.join(root, JUPYTER_FOLDER, "kernels", KERNEL_NAME);
}

export interface FoundKernel {
  /** The folder that holds kernel.json, as the front end names it. */
  readonly folder: string;
  /** Whether it leads to this repository's. */
  readonly ours: boolean;
}

/** The first kernel of our name in these folders with Jupyter data: the one that is used. */
export function findKernel(root: string, dataFolders: readonly string[]): FoundKernel | undefined {
  const folder = dataFolders
    .map((data) => path.join(data, "kernels", KERNEL_NAME))
    .find((one) => existsSync(path.join(one, "kernel.json")));
  return folder === undefined ? undefined : { folder, ours: leadsTo(folder, ownKernelspec(root)) };
}

/** Whether both are the same folder once links are followed. */
export function leadsTo(folder: string, target: string): boolean {
  try {
    return realpathSync(folder) === realpathSync(target);
  } catch {
    return false; // one of them is not there
  }
}
