/** The system's code of an error, `ENOENT` and its like; "" when the error is not the system's. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
