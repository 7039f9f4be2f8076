// Stock tslab: a cell whose only top-level await is a `for await`, or an `await (await x).y`, is a syntax
// error. It recognises awaits by an error message that TypeScript does not give for these.
// Here: the cell's syntax tree tells.

import type { Ts, TypeScript } from "../tslab";

/** Whether `code` awaits outside every function, and so must run in an async one. */
export function hasTopLevelAwait(ts: Ts, code: string): boolean {
  if (!/\bawait\b/.test(code)) return false;
  const awaits = (node: TypeScript.Node): boolean => {
    if (ts.isAwaitExpression(node)) return true;
    if (ts.isForOfStatement(node) && node.awaitModifier) return true;
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return false;
    return ts.forEachChild(node, (child) => awaits(child) || undefined) ?? false;
  };
  // Only in a module is `await` always a keyword.
  return awaits(ts.createSourceFile("cell.ts", `export {};${code}`, ts.ScriptTarget.ES2022, true));
}
