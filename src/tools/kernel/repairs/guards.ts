// Stock tslab: a loop that never yields cannot be interrupted once its cell has awaited anything.
// Here: every loop and function of a cell or a local module looks at a flag, and throws when it is
// raised. That is a plain exception: unlike an end by force from outside, it leaves Node's own
// bookkeeping whole.

import type { Ts, TypeScript } from "../tslab";

/** Names that the emitted code finds in scope: a word of shared memory, and a function that throws. */
export const GUARD_PARAMETERS = "__kernelFlags, __kernelInterrupted";
/** The word that is looked at. */
export const GUARD_WORD = 0;

/** What the guards look at and call. */
export interface Guard {
  flags: Int32Array;
  interrupted(): never;
}

/** Puts `if (__kernelFlags[0]) __kernelInterrupted();` first in the body of each loop and function. */
export function guards(ts: Ts): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const { factory } = ts;
  const guard = (at: TypeScript.Node) => {
    const call = factory.createCallExpression(
      factory.createIdentifier("__kernelInterrupted"),
      undefined,
      [],
    );
    ts.setSourceMapRange(call, at); // so that the traceback names the place
    return factory.createIfStatement(
      // Not Atomics.load: it costs ten times as much, and a late look does no harm.
      factory.createElementAccessExpression(factory.createIdentifier("__kernelFlags"), GUARD_WORD),
      factory.createExpressionStatement(call),
    );
  };
  /** A body with a guard as its first statement. */
  const guarded = (body: TypeScript.Node, at: TypeScript.Node): TypeScript.Block => {
    if (ts.isExpression(body)) {
      // In parentheses: a comment before the body may end the line, and with it the statement.
      const value = factory.createParenthesizedExpression(body);
      return factory.createBlock([guard(at), factory.createReturnStatement(value)]);
    }
    if (!ts.isBlock(body)) return factory.createBlock([guard(at), body as TypeScript.Statement]);
    const directives = body.statements.findIndex((statement) => !isDirective(ts, statement));
    const first = directives < 0 ? body.statements.length : directives;
    return factory.updateBlock(body, [
      ...body.statements.slice(0, first),
      guard(at),
      ...body.statements.slice(first),
    ]);
  };

  return (context) => {
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      const body = guardedBody(ts, node);
      const visitChild = (child: TypeScript.Node) =>
        child === body ? guarded(visit(child), node) : visit(child);
      return ts.visitEachChild(node, visitChild, context);
    };
    return (file) => ts.visitNode(file, visit) as TypeScript.SourceFile;
  };
}

/** The body of a loop or function; undefined for other nodes. */
function guardedBody(ts: Ts, node: TypeScript.Node): TypeScript.Node | undefined {
  // Not for-in, which ends by itself, nor accessors and constructors, which seldom do more than assign.
  if (ts.isForInStatement(node)) return undefined;
  if (ts.isIterationStatement(node, false)) return node.statement;
  const isFunction =
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node);
  return isFunction ? node.body : undefined;
}

function isDirective(ts: Ts, statement: TypeScript.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}
