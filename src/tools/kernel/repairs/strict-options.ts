// Stock tslab: null passes for string, parameters are any, and the types of any package are global: a cell runs
// that `tsc` refuses in src.
// Here: the type checks that the project's tsconfig.json asks for.

import path from "node:path";
import type { Ts, TypeScript } from "../tslab";

/** The options that decide what is an error. Those that decide what is emitted stay tslab's. */
const CHECKS = [
  "strict",
  "noImplicitAny",
  "strictNullChecks",
  "strictFunctionTypes",
  "strictBindCallApply",
  "strictPropertyInitialization",
  "noImplicitThis",
  "useUnknownInCatchVariables",
  "alwaysStrict",
  "exactOptionalPropertyTypes",
  "noUncheckedIndexedAccess",
  "noImplicitOverride",
  "noImplicitReturns",
  "noFallthroughCasesInSwitch",
  "noPropertyAccessFromIndexSignature",
  "allowUnreachableCode",
  "allowUnusedLabels",
] as const;

export function strictOptions(ts: Ts, root: string): TypeScript.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile);
  const given = (config?.compilerOptions ?? {}) as Record<string, unknown>;
  const checks: TypeScript.CompilerOptions = { strict: true };
  for (const check of CHECKS) {
    if (typeof given[check] === "boolean") checks[check] = given[check];
  }
  // Without it, cells have the global names of every package's types, those of test runners too.
  if (Array.isArray(given.types)) checks.types = given.types as string[];
  // Plain JavaScript carries no types to be strict about; the project's tsc does not check it either.
  checks.checkJs = false;
  return checks;
}
