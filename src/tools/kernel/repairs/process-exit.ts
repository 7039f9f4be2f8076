// Stock tslab: process.exit() in a cell kills the kernel, and every variable with it.
// Here: it is an error in the cell.

export class ProcessExit extends Error {
  override readonly name = "ProcessExit";
}

/** @returns the real `process.exit`, for the kernel's own end. */
export function refuseProcessExit(): (code?: number) => never {
  const exit = process.exit.bind(process);
  process.exit = (code = process.exitCode) => {
    throw new ProcessExit(
      `process.exit(${code ?? ""}) is not for cells: it would end the kernel and lose every variable. Let the cell end, or restart the kernel.`,
    );
  };
  return exit;
}
