// How many files and sockets this process may have open at once.

/** Left for what Node itself and the rest of a notebook have open. */
const RESERVE = 100;

/**
 * The limit of `ulimit -n`, which Node raises for itself as far as it is allowed. Infinity where the
 * system tells of none.
 */
export function openFilesMax(): number {
  // Parts of the report that take long, or tell of the surroundings, are not asked for.
  const report: { excludeNetwork?: boolean } & NodeJS.ProcessReport = process.report;
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  const { userLimits } = process.report.getReport() as { userLimits?: UserLimits };
  report.excludeNetwork = before;
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : Number.POSITIVE_INFINITY;
}

interface UserLimits {
  readonly open_files?: { readonly soft: number | "unlimited" };
}

/**
 * `wanted`, or as many as the limit has room for when each takes `filesEach` (2 when both ends of a
 * connection are in this process). Says so on standard output when it is fewer.
 */
export function affordable(wanted: number, filesEach: number, limit = openFilesMax()): number {
  const room = Math.max(1, Math.floor((limit - RESERVE) / filesEach));
  if (room >= wanted) return wanted;
  console.log(
    `only ${room} instead of ${wanted}: this process may open ${limit} files (ulimit -n)`,
  );
  return room;
}
