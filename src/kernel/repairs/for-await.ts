// Stock tslab: a cell whose only top-level await is a `for await` is a syntax error.
// Here: such a cell runs in an async function, like one with any other await.

import type { Ts, TypeScript } from "../tslab";

/** Whether `code` has a `for await` outside every function. */
export function hasTopLevelForAwait(ts: Ts, code: string): boolean {
  if (!/\bfor\s+await\b/.test(code)) return false;
  const visit = (node: TypeScript.Node): boolean =>
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (!ts.isFunctionLike(node) && !ts.isClassStaticBlockDeclaration(node) && some(node));
  const some = (node: TypeScript.Node): boolean =>
    ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  return some(ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true));
}
