// What the text of a cell alone tells, without types.

import type { Ts, TypeScript } from "./tslab";

/** "Unterminated template literal." */
const OPEN_TEMPLATE_CODE = 1160;

/** Whether a cell is whole, goes on (in a template literal, which may have any lines), or is wrong. */
export function syntaxOf(ts: Ts, code: string): "complete" | "incomplete" | "invalid" {
  // Not in the public types, but set by every parse.
  const { parseDiagnostics = [] } = parse(ts, code) as {
    parseDiagnostics?: readonly { code: number }[];
  };
  if (parseDiagnostics.some(({ code }) => code === OPEN_TEMPLATE_CODE)) return "incomplete";
  return parseDiagnostics.length > 0 ? "invalid" : "complete";
}

/** Where the name of the function is whose call has the offset among its arguments; -1 outside calls. */
export function calleeAt(ts: Ts, code: string, offset: number): number {
  const file = parse(ts, code);
  let callee = -1;
  const visit = (node: TypeScript.Node): void => {
    if (node.pos > offset || node.end < offset) return;
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
    if (isCall && node.expression.end < offset) {
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
      callee = name.getStart(file);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return callee;
}

function parse(ts: Ts, code: string): TypeScript.SourceFile {
  return ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true);
}
